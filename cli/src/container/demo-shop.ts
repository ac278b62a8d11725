/**
 * compose.yaml's demo, set up without anybody copying anything: the shop's tables in PostgreSQL, a role that can only
 * read them, a connection in the control plane, and a file with what the agent has to know. Run again, it
 * keeps what is there, and brings the shop up to the day.
 */
import { z } from 'zod';
import { isCustardError } from '#core/errors.ts';
import { ApiClient } from '../api/api-client.ts';
import { fixedToken } from '../api/credentials.ts';
import { keepConnection } from './demo-shop/keep-connection.ts';
import { loadShop } from './demo-shop/load-shop.ts';

/** Longer than any of it takes; compose would wait for ever. */
const LIMIT_MS = 120_000;

const Environment = z.object({
  /** PGPORT and the like are the driver's own names. */
  PGHOST: z.string(),
  PGUSER: z.string(),
  PGDATABASE: z.string(),
  PASSWORD_FILE: z.string(),
  READER: z.string().regex(/^[a-z_][a-z0-9_]*$/),
  AGENT_FILE: z.string(),
  CUSTARD_API_URL: z.url(),
  CUSTARD_TOKEN: z.string(),
});

async function main(): Promise<void> {
  const env = Environment.parse(process.env);
  const signal = AbortSignal.timeout(LIMIT_MS);
  const api = new ApiClient({ url: new URL(env.CUSTARD_API_URL), credentials: fixedToken(env.CUSTARD_TOKEN), signal });
  const { password } = await keepConnection({ api, name: 'shop', reader: env.READER, file: env.AGENT_FILE });
  const today = new Date().toISOString().slice(0, 10);
  const loaded = await loadShop({
    passwordFile: env.PASSWORD_FILE,
    reader: env.READER,
    readerPassword: password,
    today,
  });
  process.stdout.write(`The shop ${loaded ? 'was loaded' : 'is there'}, as of ${today}; its connection is "shop".\n`);
}

process.once('SIGTERM', () => process.exit(143));
main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  const hint = isCustardError(error) && error.hint !== undefined ? `\n${error.hint}` : '';
  process.stderr.write(`error: ${message}${hint}\n`);
  process.exitCode = 1;
});
