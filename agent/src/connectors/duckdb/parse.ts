import type { DuckDBConnection } from '@duckdb/node-api';
import { type Fields, isFields } from '#core/guard/dialects/duckdb/nodes.ts';
import { query, text } from './query.ts';

const SERIALIZE = `
  SELECT json_serialize_sql($1::VARCHAR, skip_default := true, skip_null := true, skip_empty := true)::VARCHAR AS tree`;

/** The tree of one query, as the guard walks it; undefined for anything else. */
export async function parse(connection: DuckDBConnection, sql: string): Promise<Fields | undefined> {
  const [row] = await query(connection, SERIALIZE, [sql]);
  // JSON has no word for infinity; within a string of the tree, a quote has a backslash before it.
  const tree: unknown = JSON.parse(text(row, 'tree').replace(/"value":(-?Infinity|-?NaN)/g, '"value":null'));
  const statements = isFields(tree) && Array.isArray(tree['statements']) ? tree['statements'] : [];
  const [statement, second] = statements;
  return isFields(statement) && second === undefined ? statement : undefined;
}
