import type { PostureFinding } from '#core/posture.ts';
import { READING, WATCHING } from './actions.ts';

export interface Privilege {
  readonly resource: Readonly<Record<string, unknown>>;
  readonly actions: readonly string[];
}

/** So many actions are named. */
const MAX_NAMED = 8;
const USE_READER = 'Give the agent a user of its own with the role read; the statements below make one.';
/** Where MongoDB keeps its users, and what a database's own JavaScript is in. */
const OWN_DATABASES: ReadonlySet<unknown> = new Set(['admin', 'config', 'local']);

/** An action that is on no list counts as one that changes something. */
export function privilegeFindings(privileges: readonly Privilege[], database: string): PostureFinding[] {
  const changing = named(privileges, (action) => !READING.has(action) && !WATCHING.has(action));
  const watching = named(privileges, (action) => WATCHING.has(action));
  return [
    ...(changing.length === 0 ? [] : [mayChange(changing)]),
    ...(watching.length === 0 ? [] : [mayWatch(watching)]),
    ...(privileges.some(readsOwn) ? [readsServer] : []),
    ...(privileges.some((one) => readsElsewhere(one, database)) ? [readsOthers] : []),
    ...(reads(privileges, database) ? [] : [readsNothing]),
  ];
}

function named(privileges: readonly Privilege[], wanted: (action: string) => boolean): string[] {
  return [...new Set(privileges.flatMap(({ actions }) => actions.filter(wanted)))].toSorted();
}

const list = (actions: readonly string[]): string => {
  const rest = actions.length - MAX_NAMED;
  return `${actions.slice(0, MAX_NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
};

const mayChange = (actions: readonly string[]): PostureFinding => ({
  code: 'write_privileges',
  severity: 'bad',
  message: `The user may do more than read: ${list(actions)}. MongoDB has no read-only session, so only its rights stop it.`,
  hint: USE_READER,
});

const mayWatch = (actions: readonly string[]): PostureFinding => ({
  code: 'monitoring',
  severity: 'warn',
  message: `The user sees what others do and how the server is set up: ${list(actions)}.`,
  hint: USE_READER,
});

const isReading = ({ actions }: Privilege): boolean => actions.includes('find') || actions.includes('anyAction');
const isEverywhere = ({ resource }: Privilege): boolean => resource['anyResource'] === true || resource['db'] === '';

/** A resource with a database left empty stands for all but MongoDB's own. */
const readsOwn = (privilege: Privilege): boolean =>
  isReading(privilege) && (privilege.resource['anyResource'] === true || isOwnData(privilege.resource));

const isOwnData = ({ db, collection }: Privilege['resource']): boolean =>
  OWN_DATABASES.has(db) && (collection === '' || collection === 'system.users' || collection === 'system.roles');

const readsElsewhere = (privilege: Privilege, database: string): boolean => {
  const { db } = privilege.resource;
  const isOther = typeof db === 'string' && db !== '' && db !== database && !OWN_DATABASES.has(db);
  return isReading(privilege) && (isOther || isEverywhere(privilege));
};

const reads = (privileges: readonly Privilege[], database: string): boolean =>
  privileges.some((one) => isReading(one) && (isEverywhere(one) || one.resource['db'] === database));

const readsServer: PostureFinding = {
  code: 'reads_system',
  severity: 'warn',
  message: 'The user reads MongoDB’s own databases, password hashes among them.',
  hint: USE_READER,
};

const readsOthers: PostureFinding = {
  code: 'reads_other_databases',
  severity: 'warn',
  message: 'The user reads other databases of the server too: a statement can join them.',
  hint: USE_READER,
};

const readsNothing: PostureFinding = {
  code: 'reads_nothing',
  severity: 'info',
  message: 'The user may read nothing in this database.',
  hint: 'Grant it the role read on the database.',
};
