import type { DuckDBConnection, DuckDBValue, Json } from '@duckdb/node-api';

type CatalogRow = Readonly<Record<string, Json>>;

/** Rows of a statement of ours, all at once. */
export async function query(
  connection: DuckDBConnection,
  sql: string,
  values: DuckDBValue[] = [],
): Promise<readonly CatalogRow[]> {
  const result = values.length === 0 ? await connection.run(sql) : await connection.run(sql, values);
  return await result.getRowObjectsJson();
}

export const text = (row: CatalogRow | undefined, name: string): string => String(row?.[name] ?? '');

export const textOrNull = (row: CatalogRow, name: string): string | null =>
  row[name] === null || row[name] === undefined ? null : String(row[name]);

export const texts = (row: CatalogRow, name: string): string[] => {
  const value = row[name];
  return Array.isArray(value) ? value.map(String) : [];
};
