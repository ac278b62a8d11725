import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from './env.ts';

/** JSON lines, on stderr unless told otherwise. */
export function createLogger(level: Config['logLevel'], stream: DestinationStream = process.stderr): Logger {
  return pino({ level, serializers: { error: (error: unknown) => describeError(error) } }, stream);
}

const MAX_CAUSES = 5;

/**
 * Drivers hang whole rows and statements on their errors (PostgreSQL's `detail`, knex's bindings):
 * only what says where the bug is goes into the log.
 */
function describeError(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack, cause } = error;
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const deeper = cause === undefined || depth >= MAX_CAUSES ? {} : { cause: describeError(cause, depth + 1) };
  return { name, message, ...code, stack, ...deeper };
}
