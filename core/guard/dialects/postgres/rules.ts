import type { Use } from '../../classify.ts';
import { type Complaint, qualified, type Rules } from '../../decide.ts';
import { words } from '../../words.ts';
import { OPERATORS, RELATIONS, TYPES } from './catalogue-names.ts';
import { CONTRIB_FUNCTIONS, CONTRIB_OPERATORS, CONTRIB_TYPES } from './contrib-names.ts';
import { EXTENSION_FUNCTIONS, EXTENSION_OPERATORS, EXTENSION_TYPES } from './extension-names.ts';
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

/** PostgreSQL's policy: only names of the catalogue's reviewed lists; names of other schemas are the user's own. */
export function postgresRules(): Rules {
  const isFunction = knows(words(ALLOWED_FUNCTIONS), words(CONTRIB_FUNCTIONS, EXTENSION_FUNCTIONS));
  const isOperator = knows(words(OPERATORS), words(CONTRIB_OPERATORS, EXTENSION_OPERATORS));
  const isType = knows(words(TYPES, PSEUDO_TYPES), words(CONTRIB_TYPES, EXTENSION_TYPES));
  const refused = words(REFUSED_FUNCTIONS);
  const relations = words(RELATIONS);
  return {
    function: (use) =>
      isFunction(use) ? undefined : refuseFunction(use, isCatalogue(use.schema) && refused.has(use.name)),
    // What a field or a function of the user's own is called only the schema tells.
    attribute(use) {
      const isCall = (refused.has(use.name) && !SAMPLING_FUNCTIONS.has(use.name)) || ATTRIBUTE_CALLS.test(use.name);
      return isCall ? refuseFunction(use, true) : undefined;
    },
    table: (use) => complainOfTable(use, relations),
    operator(use) {
      if (isOperator(use)) return undefined;
      return refuseName(`The operator ${qualified(use)} is not built in; it may call any function.`);
    },
    type(use) {
      // _text is the array of text.
      if (isType({ ...use, name: use.name.replace(/^_/, '') })) return undefined;
      return refuseName(`The type ${qualified(use)} is not built in; a cast to it may call any function.`);
    },
  };
}

/** Not for SQL to call, and good names for a column. */
const SAMPLING_FUNCTIONS: ReadonlySet<string> = new Set(['bernoulli', 'system']);

/** Functions of extensions that do much with one argument, which `(argument).function` gives them. */
const ATTRIBUTE_CALLS =
  /^(dblink|crosstab|connectby|pg_file_|pg_truncate_|pg_prewarm$|postgres_fdw_|pgstat|(http_(get|head|post|put|patch|delete)|isn_weak|set_limit)$)/;

/** Pseudo-types have no casts of their own. */
const PSEUDO_TYPES = 'record anyarray anyelement';

/** Where extensions are installed by custom. A built-in name in front of which they stand is somebody's own overload. */
const EXTENSION_SCHEMAS: ReadonlySet<string | null> = new Set([null, 'public', 'extensions']);

function knows(catalogue: ReadonlySet<string>, extensions: ReadonlySet<string>): (use: Use) => boolean {
  return ({ schema, name }) =>
    catalogue.has(name) ? isCatalogue(schema) : EXTENSION_SCHEMAS.has(schema) && extensions.has(name);
}

function isCatalogue(schema: string | null): boolean {
  return schema === null || schema === 'pg_catalog';
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
  if (isBuiltIn) {
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
  return { code: 'FUNCTION_NOT_ALLOWED', reason, hint: 'Use a built-in one, or have a view made that does it.' };
}

function complainOfTable(use: Use, relations: ReadonlySet<string>): Complaint | undefined {
  const { schema, name } = use;
  // pg_catalog comes before any other schema of the search path, so an unqualified pg_… is the catalogue's.
  const isSystem = schema === 'pg_catalog' || (schema === null && name.startsWith('pg_'));
  const isAllowed = isSystem
    ? relations.has(name) || EXTENSION_VIEWS.has(name)
    : !(schema?.startsWith('pg_toast') || (schema === 'information_schema' && SECRET_VIEWS.test(name)));
  return isAllowed
    ? undefined
    : {
        code: 'CONSTRUCT_NOT_ALLOWED',
        reason: `${qualified(use)} is a system relation that questions should not read.`,
        hint: 'Leave it out; a table of your own by that name needs its schema in front.',
      };
}

/** Views of pg_stat_statements and pg_buffercache, without which slow queries cannot be looked for. */
const EXTENSION_VIEWS: ReadonlySet<string> = new Set([
  'pg_stat_statements',
  'pg_stat_statements_info',
  'pg_buffercache',
]);
const SECRET_VIEWS = /^_pg_|^user_mapping_options$/;
