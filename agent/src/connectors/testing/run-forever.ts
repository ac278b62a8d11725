/**
 * A program to be killed: runs the endless statement of argv[3] on the database of argv[2], with the time limit of argv[4]
 * where there is one. Says when it is connected.
 */
import { parseDatabaseUrl } from '../database-url.ts';
import { openConnector } from '../registry.ts';
import { NO_LIMITS, NO_MASKS } from './collect.ts';

const [, , url = '', statement = '', timeoutMs] = process.argv;
const connector = await openConnector(parseDatabaseUrl(url));
await connector.ping({ signal: new AbortController().signal });
process.stdout.write('connected\n');
await connector.run(
  {
    statement,
    limits: timeoutMs === undefined ? NO_LIMITS : { ...NO_LIMITS, timeoutMs: Number(timeoutMs) },
    ...NO_MASKS,
    signal: new AbortController().signal,
  },
  { columns: () => undefined, chunk: () => undefined },
);
