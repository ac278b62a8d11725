import { parseDatabaseUrl } from '#agent/connectors/database-url.ts';
import { openConnector } from '#agent/connectors/registry.ts';

/** What answers at a database URL. Throws as connectors do. */
export async function checkDatabase(options: {
  readonly databaseUrl: string;
  readonly signal: AbortSignal;
}): Promise<{ readonly dialect: string; readonly version: string }> {
  const connector = await openConnector(parseDatabaseUrl(options.databaseUrl));
  try {
    const { version } = await connector.ping({ signal: options.signal });
    return { dialect: connector.dialect, version };
  } finally {
    await connector.close();
  }
}
