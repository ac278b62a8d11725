import type { Connector } from '#agent/connectors/connector.ts';
import type { LoadedTable } from '#agent/connectors/file/worker-protocol.ts';
import { openConnector } from '#agent/connectors/registry.ts';
import type { DatabaseSettings } from '#agent/connectors/settings.ts';

/** The connector, and what became of files of data. */
export async function openTarget(
  settings: DatabaseSettings,
): Promise<{ readonly connector: Connector; readonly tables: readonly LoadedTable[] }> {
  if (settings.dialect !== 'duckdb' || settings.files === undefined) {
    return { connector: await openConnector(settings), tables: [] };
  }
  const { openDataFiles } = await import('#agent/connectors/duckdb/duckdb.ts');
  return await openDataFiles(settings);
}
