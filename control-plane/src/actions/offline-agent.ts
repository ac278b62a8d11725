import { CustardError, isCustardError } from '#core/errors.ts';
import type { Connection } from '../db/connection-repository.ts';

/** AGENT_OFFLINE in the words of the one connection it is about; any other error as it is. */
export function namingTheAgent(error: unknown, { name, lastSeenAt }: Connection): unknown {
  if (!isCustardError(error) || error.code !== 'AGENT_OFFLINE') return error;
  const seen = lastSeenAt === null ? 'it has never been seen' : `last seen ${ago(Date.now() - Date.parse(lastSeenAt))}`;
  return new CustardError('AGENT_OFFLINE', `The agent of "${name}" is offline (${seen}).`, {
    hint: `Start it where the database is: custard connections agent-command ${name} prints the command.`,
    cause: error,
  });
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

function ago(milliseconds: number): string {
  const unit = UNITS.find(([, size]) => milliseconds >= size);
  return unit === undefined ? 'less than a minute ago' : `${Math.floor(milliseconds / unit[1])} ${unit[0]} ago`;
}
