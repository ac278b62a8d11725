import { parseDatabaseUrl } from '#agent/connectors/database-url.ts';
import { openConnector } from '#agent/connectors/registry.ts';
import type { Posture } from '#core/posture.ts';
import type { Environment } from '../config/directories.ts';
import { withEnvironmentPassword } from './environment-password.ts';

const PING_MS = 5_000;
const POSTURE_MS = 15_000;

interface CheckedDatabase {
  readonly dialect: string;
  readonly version: string;
  readonly posture: Posture;
}

/** What answers at a database URL, and what the role there is worth. Throws as connectors do. */
export async function checkDatabase(options: {
  readonly databaseUrl: string;
  readonly env: Environment;
  readonly signal: AbortSignal;
}): Promise<CheckedDatabase> {
  const within = (ms: number) => ({ signal: AbortSignal.any([options.signal, AbortSignal.timeout(ms)]) });
  const connector = await openConnector(withEnvironmentPassword(parseDatabaseUrl(options.databaseUrl), options.env));
  try {
    const { version } = await connector.ping(within(PING_MS));
    return { dialect: connector.dialect, version, posture: await connector.posture(within(POSTURE_MS)) };
  } finally {
    await connector.close();
  }
}
