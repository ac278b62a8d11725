import type { Use } from '../../classify.ts';
import { type Complaint, qualified, type Rules } from '../../decide.ts';
import { words } from '../../words.ts';
import { ALLOWED_FUNCTIONS, REFUSED_FUNCTIONS, SYSTEM_RELATIONS, TABLE_FUNCTIONS } from './function-names.ts';
import { isBuiltInSchema } from './nodes.ts';
import { REFUSED, REFUSED_RELATIONS } from './reviewed-functions.ts';

/** DuckDB's policy, given which of the calls stand in FROM. There are no casts but the engine's own, whatever the type. */
export function duckdbRules(): (tableCalls: ReadonlySet<Use>) => Rules {
  const functions = words(ALLOWED_FUNCTIONS);
  const tableFunctions = words(TABLE_FUNCTIONS);
  const builtIn = words(ALLOWED_FUNCTIONS, REFUSED_FUNCTIONS, TABLE_FUNCTIONS);
  const relations = words(SYSTEM_RELATIONS);
  const refusedRelations = words(REFUSED_RELATIONS);
  return (tableCalls) => ({
    function(use) {
      const isAllowed = tableCalls.has(use)
        ? tableFunctions.has(use.name) && isBuiltInSchema(use.schema)
        : functions.has(use.name);
      return isAllowed ? undefined : refuseFunction(use, builtIn.has(use.name));
    },
    attribute: () => undefined,
    table: (use) => complainOfFile(use) ?? complainOfSystem(use, relations, refusedRelations),
    operator(use) {
      if (functions.has(use.name) && isBuiltInSchema(use.schema)) return undefined;
      const reason = `The operator ${qualified(use)} is not built in; it may call any function.`;
      return { code: 'FUNCTION_NOT_ALLOWED', reason, hint: 'Use a built-in one.' };
    },
    type(use) {
      if (use.name !== 'inet') return undefined;
      const reason = 'The type inet is an extension’s, which DuckDB may download and load for the cast.';
      return { code: 'CONSTRUCT_NOT_ALLOWED', reason, hint: 'Compare the text instead.' };
    },
  });
}

function refuseFunction(use: Use, isBuiltIn: boolean): Complaint {
  const known = REFUSED.find(({ names }) => names.test(use.name));
  if (known !== undefined) {
    const reason = `${qualified(use)}() ${known.reason}.`;
    return { code: 'FUNCTION_NOT_ALLOWED', reason, hint: 'Leave the call out.' };
  }
  if (isBuiltIn) {
    const reason = `${qualified(use)}() has side effects or shows what a question should not, where it is called here.`;
    return { code: 'FUNCTION_NOT_ALLOWED', reason, hint: 'Leave the call out.' };
  }
  return {
    code: 'FUNCTION_NOT_ALLOWED',
    reason: `${qualified(use)}() is not a built-in function, and the guard cannot see what a function of your own does.`,
    hint: 'Use built-in functions, or have a view made that calls it.',
  };
}

/** Endings that DuckDB and its extensions read as files when no table has the name. */
const FILE =
  /\.(csv|tsv|txt|parquet|pq|jsonl?|ndjson|geojson|xlsx?|arrows?|feather|ipc|avro|orc|shp|gpkg|fgb|duckdb|ddb|db|sqlite3?|vortex|lance)(\.(gz|gzip|zst|zstd|bz2|br|lz4|snappy|xz))?$/;
/** Paths, patterns of paths and URLs. */
const PATH = /[/\\*?]|^~/;

/** `FROM 'x.csv'` reads a file, and so does `FROM x.csv` where there is no schema x. */
function complainOfFile(use: Use): Complaint | undefined {
  if (!FILE.test(qualified(use).toLowerCase()) && !PATH.test(use.name) && !PATH.test(use.schema ?? ''))
    return undefined;
  return {
    code: 'CONSTRUCT_NOT_ALLOWED',
    reason: 'The statement reads from what looks like the name of a file, which DuckDB would open.',
    hint: 'Read tables and views only; have the file loaded into a table.',
  };
}

function complainOfSystem(
  use: Use,
  relations: ReadonlySet<string>,
  refused: ReadonlySet<string>,
): Complaint | undefined {
  const { schema, name } = use;
  const isSystem = schema === 'pg_catalog' || /^(pg_|duckdb_|pragma_)/.test(name) || schema?.startsWith('system');
  if (refused.has(name) || (isSystem && !relations.has(name))) {
    return {
      code: 'CONSTRUCT_NOT_ALLOWED',
      reason: `${qualified(use)} is a system relation that questions should not read.`,
      hint: 'Leave it out; information_schema describes tables and columns.',
    };
  }
  return undefined;
}
