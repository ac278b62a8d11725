import type { DuckDBConnection } from '@duckdb/node-api';
import type { LoadedTable } from '../../file/worker-protocol.ts';
import { quoteIdentifier } from '../../quote-identifier.ts';
import { query, text } from '../query.ts';
import type { TypedColumn } from './infer-types.ts';

export const quoteText = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** Makes the table; its comment says which file it is. */
export async function createTable(
  connection: DuckDBConnection,
  options: {
    readonly table: string;
    readonly label: string;
    readonly source: string;
    readonly columns: readonly TypedColumn[];
    readonly notes: readonly string[];
  },
): Promise<LoadedTable> {
  const { table, label, source, columns } = options;
  const name = quoteIdentifier(table);
  const list = columns.map(({ name: column, expression }) => `${expression} AS ${quoteIdentifier(column)}`);
  await connection.run(`CREATE TABLE ${name} AS SELECT ${list.join(', ')} FROM ${source}`);
  await connection.run(`COMMENT ON TABLE ${name} IS ${quoteText(label)}`);
  const [counted] = await query(connection, `SELECT count(*) AS n FROM ${name}`);
  const notes = columns.flatMap(({ name: column, note }) =>
    note === undefined ? [] : [`${label}: the column ${column} ${note}.`],
  );
  return {
    ...{ label, table, columns: columns.length },
    rows: Number(text(counted, 'n')),
    notes: [...options.notes, ...notes],
  };
}

/** Names and types of what a source gives. */
export async function columnsOf(
  connection: DuckDBConnection,
  source: string,
): Promise<{ readonly name: string; readonly type: string }[]> {
  const rows = await query(connection, `DESCRIBE SELECT * FROM ${source}`);
  return rows.map((row) => ({ name: text(row, 'column_name'), type: text(row, 'column_type') }));
}
