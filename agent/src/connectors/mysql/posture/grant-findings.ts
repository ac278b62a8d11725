import type { PostureFinding, Severity } from '#core/posture.ts';
import type { Grant } from './parse-grants.ts';

type Rights = Extract<Grant, { kind: 'privileges' }>;

interface Check {
  readonly code: string;
  readonly severity: Severity;
  readonly finds: (privilege: string, grant: Rights) => boolean;
  readonly says: string;
  readonly hint: string;
}

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s*,\s*/));

/** Rights that change nothing and show no more than SELECT does. */
const HARMLESS = words('USAGE, SELECT, SHOW VIEW, SHOW DATABASES, SHOW CREATE ROUTINE, SHOW_ROUTINE');
const WRITES = words(`
  INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, TRIGGER, EVENT, CREATE VIEW, CREATE ROUTINE, ALTER ROUTINE,
  DELETE HISTORY, DELETE VERSIONING ROWS, ALL PRIVILEGES, ALL`);
const FILES = words('FILE');
const LOOKS = words('PROCESS, REPLICATION CLIENT, BINLOG MONITOR, SLAVE MONITOR, REPLICA MONITOR');
const BOTHERS = words('EXECUTE, LOCK TABLES, CREATE TEMPORARY TABLES, REFERENCES');
const OWN_ACCOUNT = 'Give the agent an account of its own; the least-privilege SQL makes one.';

const isAll = (privilege: string): boolean => privilege === 'ALL PRIVILEGES' || privilege === 'ALL';
const isGlobal = ({ on }: Rights): boolean => on === '*.*';

/** What is none of the harmless and none of the others is administration: new versions bring more of it. */
const CHECKS: readonly Check[] = [
  {
    code: 'administration',
    severity: 'bad',
    finds: (privilege, grant) =>
      (isAll(privilege) && isGlobal(grant)) ||
      ![HARMLESS, WRITES, FILES, LOOKS, BOTHERS].some((known) => known.has(privilege)),
    says: 'administers the server',
    hint: OWN_ACCOUNT,
  },
  {
    code: 'server_files',
    severity: 'bad',
    finds: (privilege) => FILES.has(privilege),
    says: 'reads and writes files of the server, which no read-only mode stops',
    hint: 'REVOKE FILE ON *.* FROM the account.',
  },
  {
    code: 'write_grants',
    severity: 'bad',
    finds: (privilege, grant) => WRITES.has(privilege) && !(isAll(privilege) && isGlobal(grant)),
    says: 'may change what is there',
    hint: `REVOKE them, or better: ${OWN_ACCOUNT.charAt(0).toLowerCase()}${OWN_ACCOUNT.slice(1)}`,
  },
  {
    code: 'sees_others',
    severity: 'warn',
    finds: (privilege) => LOOKS.has(privilege),
    says: "sees other people's statements, or the server's replication",
    hint: 'REVOKE it; the agent needs none of that.',
  },
  {
    code: 'may_disturb',
    severity: 'warn',
    finds: (privilege) => BOTHERS.has(privilege),
    says: 'may run stored routines, hold locks or fill temporary space',
    hint: 'REVOKE it; the agent needs none of that.',
  },
  {
    code: 'reads_everything',
    severity: 'warn',
    finds: (privilege, grant) => privilege === 'SELECT' && (isGlobal(grant) || /^mysql\./i.test(grant.on)),
    says: "reads the server's own tables too, with the password hashes of all accounts",
    hint: 'Grant SELECT on the databases that questions are asked about, and on no others.',
  },
];

/** So many places, and rights at each, are named; the others are counted. */
const NAMED = 3;

export function grantFindings(grants: readonly Grant[]): PostureFinding[] {
  const rights = grants.filter((grant) => grant.kind === 'privileges');
  const findings = CHECKS.flatMap((check): PostureFinding[] => {
    const found = rights.flatMap((grant) => {
      const privileges = grant.privileges.filter((privilege) => check.finds(privilege, grant));
      return privileges.length === 0 ? [] : [`${enumerate(privileges, ', ')} on ${grant.on}`];
    });
    if (found.length === 0) return [];
    const { code, severity, says, hint } = check;
    return [{ code, severity, message: `The account ${says}: ${enumerate(found)}.`, hint }];
  });
  const passedOn = rights.filter(({ canGrant }) => canGrant).map(({ on }) => on);
  if (passedOn.length === 0) return findings;
  const message = `The account may give its rights to others (GRANT OPTION): on ${enumerate(passedOn)}.`;
  return [...findings, { code: 'grant_option', severity: 'bad', message, hint: OWN_ACCOUNT }];
}

function enumerate(found: readonly string[], separator = '; '): string {
  const rest = found.length - NAMED;
  const named = found.slice(0, NAMED).join(separator);
  return rest > 0 ? `${named} and ${rest} more` : named;
}
