import type { ConnectorDialect } from '#core/dialects.ts';
import { CustardError } from '#core/errors.ts';
import type { TableName } from '#core/guard/verdict.ts';
import { matchesTable, parseTablePattern, type TablePattern } from '#core/policy/pattern.ts';

/**
 * What of a database is described, from SCHEMA_NAME and TABLE_FILTER. It makes a large catalogue small; it protects
 * nothing: what is left out can be queried all the same, which only the policy forbids.
 */
export interface SchemaFilter {
  /** By name; null for all. */
  readonly schemas: readonly string[] | null;
  readonly includes: (table: TableName) => boolean;
}

export const WHOLE_SCHEMA: SchemaFilter = { schemas: null, includes: () => true };

const WITHOUT_SCHEMAS: ReadonlySet<ConnectorDialect> = new Set<ConnectorDialect>(['sqlite', 'mongodb']);
/** What stands between commas; one within double quotes is part of a name. */
const PART = /(?:"(?:[^"]|"")*"|[^,"])+/g;

interface FilterEnvironment {
  readonly SCHEMA_NAME?: string | undefined;
  readonly TABLE_FILTER?: string | undefined;
}

/** CONFIG_INVALID for what is no name and no pattern. */
export function parseSchemaFilter(
  { SCHEMA_NAME, TABLE_FILTER }: FilterEnvironment,
  dialect: ConnectorDialect,
): SchemaFilter {
  if (SCHEMA_NAME === undefined && TABLE_FILTER === undefined) return WHOLE_SCHEMA;
  if (SCHEMA_NAME !== undefined && WITHOUT_SCHEMAS.has(dialect)) {
    throw new CustardError('CONFIG_INVALID', `SCHEMA_NAME is set, and a database of ${dialect} has no schemas.`, {
      hint: 'Leave it out; TABLE_FILTER picks tables.',
    });
  }
  const schemas = SCHEMA_NAME === undefined ? null : parts(SCHEMA_NAME).map(unquoted);
  const texts = parts(TABLE_FILTER ?? '');
  const excluded = texts.filter((text) => text.startsWith('!')).map((text) => toPattern(text.slice(1).trim()));
  const included = texts.filter((text) => !text.startsWith('!')).map(toPattern);
  // Whether the case of a letter counts is for the engine to say, which is asked for these schemas only.
  const folded = schemas?.map((name) => name.toLowerCase());
  const includes = (table: TableName): boolean =>
    (included.length === 0 || included.some((pattern) => matchesTable(pattern, table))) &&
    !excluded.some((pattern) => matchesTable(pattern, table)) &&
    (folded === undefined || table.schema === null || folded.includes(table.schema.toLowerCase()));
  return { schemas, includes };
}

const parts = (text: string): string[] =>
  (text.match(PART) ?? []).map((part) => part.trim()).filter((part) => part !== '');

const unquoted = (name: string): string => (/^".+"$/s.test(name) ? name.slice(1, -1).replaceAll('""', '"') : name);

function toPattern(text: string): TablePattern {
  const pattern = parseTablePattern(text);
  if (typeof pattern !== 'string') return pattern;
  throw new CustardError('CONFIG_INVALID', `TABLE_FILTER has "${text}" where it should have ${pattern}.`, {
    hint: 'Write patterns with commas between them, those to leave out with "!" before: TABLE_FILTER=\'shop.*, !*.tmp_*\'.',
  });
}

/** A filter that leaves nothing is a mistake, and an empty schema would hide it. */
export function nothingLeft(): CustardError {
  return new CustardError(
    'CONFIG_INVALID',
    'SCHEMA_NAME and TABLE_FILTER leave none of the tables that the role can see.',
    {
      hint: "Correct them in the agent's environment: names as the database has them, patterns as docs/schema.md says.",
    },
  );
}
