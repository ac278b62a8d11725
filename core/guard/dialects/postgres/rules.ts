import type { Use } from '../../classify.ts';
import type { Complaint, Rules } from '../../decide.ts';
import { qualified } from '../../decide.ts';
import { words } from '../../words.ts';
import { OPERATORS, RELATIONS, TYPES } from './catalogue-names.ts';
import { EXTENSION_FUNCTIONS, EXTENSION_OPERATORS, EXTENSION_TYPES, SAMPLING_METHODS } from './extension-names.ts';
import { ALLOWED_FUNCTIONS, REFUSED_FUNCTIONS } from './function-names.ts';
import { REFUSED_STABLE } from './reviewed-functions.ts';

/** Why built-in functions are refused, by what their names say they do; the first that matches speaks. */
const FUNCTION_REASONS: readonly { readonly names: RegExp; readonly reason: string }[] = [
  ...REFUSED_STABLE,
  { names: /^(nextval|setval|currval|lastval)$/, reason: 'uses or changes a sequence' },
  { names: /^(pg_sleep|pg_isolation)/, reason: 'makes the server wait' },
  { names: /^pg_(try_)?advisory/, reason: 'takes or releases locks' },
  {
    names: /^(pg_read|pg_ls|pg_stat_file|pg_current_logfile|pg_hba|pg_ident|pg_show_all_file)/,
    reason: 'reads the server’s files',
  },
  { names: /^(lo_|loread|lowrite)/, reason: 'reads or writes large objects' },
  { names: /^(set_config|setseed)$/, reason: 'changes the session’s settings' },
  {
    names:
      /^pg_(terminate|cancel|reload|rotate|promote|switch|backup|create|drop|copy|log|import|replication|wal_replay)/,
    reason: 'administers the server',
  },
  {
    names: /^pg_get_.*(def|sqlbody|expressions?)/,
    reason: 'shows definitions, which may hold what the role should not see',
  },
  { names: /^(dblink|postgres_fdw)/, reason: 'opens connections to other servers' },
  { names: /^(crosstab|connectby|xpath_table)/, reason: 'runs a statement given as text' },
];

const ALSO_REFUSED = words(
  'crosstab crosstabN connectby xpath_table postgres_fdw_get_connections postgres_fdw_disconnect',
);

/** PostgreSQL's policy: only names of the catalogue's reviewed lists; names of other schemas are the user's own. */
export function postgresRules(): Rules {
  const functions = words(ALLOWED_FUNCTIONS);
  const refused = words(REFUSED_FUNCTIONS);
  const extensionFunctions = words(EXTENSION_FUNCTIONS, SAMPLING_METHODS);
  const relations = words(RELATIONS);
  const operators = words(OPERATORS, EXTENSION_OPERATORS);
  const types = words(TYPES, EXTENSION_TYPES);
  return {
    function(use) {
      if (isCatalogue(use.schema) && functions.has(use.name)) return undefined;
      if (isExtensionSchema(use.schema) && extensionFunctions.has(use.name)) return undefined;
      return refuseFunction(use, isCatalogue(use.schema) && refused.has(use.name));
    },
    table: (use) => complainOfTable(use, relations),
    operator(use) {
      return isExtensionSchema(use.schema) && operators.has(use.name)
        ? undefined
        : refuseName(`The operator ${qualified(use)} is not one the guard knows; it may call any function.`);
    },
    type(use) {
      return isExtensionSchema(use.schema) && types.has(use.name)
        ? undefined
        : refuseName(`The type ${qualified(use)} is not one the guard knows; a cast to it may call any function.`);
    },
  };
}

function isCatalogue(schema: string | null): boolean {
  return schema === null || schema === 'pg_catalog';
}

/** Where extensions are installed by custom. */
function isExtensionSchema(schema: string | null): boolean {
  return isCatalogue(schema) || schema === 'public' || schema === 'extensions';
}

function refuseFunction(use: Use, isBuiltIn: boolean): Complaint {
  const known = FUNCTION_REASONS.find(({ names }) => names.test(use.name));
  if (known !== undefined) {
    return {
      code: 'FUNCTION_NOT_ALLOWED',
      reason: `${qualified(use)}() ${known.reason}.`,
      hint: 'Leave the call out.',
    };
  }
  if (isBuiltIn || ALSO_REFUSED.has(use.name)) {
    const reason = `${qualified(use)}() has side effects or shows what a question should not.`;
    return { code: 'FUNCTION_NOT_ALLOWED', reason, hint: 'Leave the call out.' };
  }
  return {
    code: 'FUNCTION_NOT_ALLOWED',
    reason: `${qualified(use)}() is not a built-in function, and the guard cannot see what a function of your own does.`,
    hint: 'Use built-in functions, or have a view made that calls it.',
  };
}

function refuseName(reason: string): Complaint {
  return { code: 'CONSTRUCT_NOT_ALLOWED', reason, hint: 'Use a built-in one.' };
}

function complainOfTable(use: Use, relations: ReadonlySet<string>): Complaint | undefined {
  const { schema, name } = use;
  // pg_catalog comes before any other schema of the search path, so an unqualified pg_… is the catalogue's.
  const isSystem = schema === 'pg_catalog' || (schema === null && name.startsWith('pg_'));
  const isAllowed = isSystem
    ? relations.has(name)
    : !(schema?.startsWith('pg_toast') || (schema === 'information_schema' && SECRET_VIEWS.test(name)));
  return isAllowed
    ? undefined
    : {
        code: 'CONSTRUCT_NOT_ALLOWED',
        reason: `${qualified(use)} is a system relation that questions should not read.`,
        hint: 'Leave it out; a table of your own by that name needs its schema in front.',
      };
}

const SECRET_VIEWS = /^_pg_|^user_mapping_options$|^foreign_server_options$/;
