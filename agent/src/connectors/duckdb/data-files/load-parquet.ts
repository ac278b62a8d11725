import type { DuckDBConnection } from '@duckdb/node-api';
import type { LoadedTable } from '../../file/worker-protocol.ts';
import { quoteIdentifier } from '../../quote-identifier.ts';
import type { Input } from './input.ts';
import { columnsOf, createTable, quoteText } from './load-table.ts';
import { UnreadableFile } from './unreadable.ts';

export async function loadParquet(connection: DuckDBConnection, { file, path }: Input): Promise<LoadedTable> {
  const { label, table } = file;
  const source = `read_parquet(${quoteText(path)}, hive_partitioning = false)`;
  try {
    const columns = (await columnsOf(connection, source)).map(({ name }) => ({
      name,
      expression: quoteIdentifier(name),
    }));
    return await createTable(connection, { table, label, source, columns, notes: [] });
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    if (!/parquet|thrift|snappy|zstd|deserialize|magic|footer|utf-?8/i.test(message)) throw error;
    throw new UnreadableFile(
      `${label} is a damaged Parquet file.`,
      'Check that it was copied whole, and what wrote it.',
    );
  }
}
