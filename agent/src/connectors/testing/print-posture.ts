/** Prints the posture of a database as JSON: a program of its own, so that a test can run it as another user. */
import { parseDatabaseUrl } from '../database-url.ts';
import { openConnector } from '../registry.ts';

const connector = await openConnector(parseDatabaseUrl(process.argv[2] ?? ''));
try {
  const posture = await connector.posture({ signal: AbortSignal.timeout(10_000) });
  process.stdout.write(JSON.stringify(posture));
} finally {
  await connector.close();
}
