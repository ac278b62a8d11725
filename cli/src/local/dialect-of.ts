import { parseDatabaseUrl } from '#agent/connectors/database-url.ts';
import type { ConnectorDialect } from '#core/dialects.ts';

/** What the engine behind a database URL speaks; nothing is connected to. CONFIG_INVALID, UNSUPPORTED_ENGINE. */
export function dialectOf(databaseUrl: string): ConnectorDialect {
  return parseDatabaseUrl(databaseUrl).dialect;
}
