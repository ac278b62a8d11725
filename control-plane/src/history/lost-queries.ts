import { hostname } from 'node:os';
import { MAX_TIMEOUT_MS } from '#core/protocol/limits.ts';
import type { Database } from '../db/database.ts';

interface Replica {
  readonly host: string;
  readonly pid: number;
}

/** This process, as the queries it accepts name it: host/pid. */
export function replicaName(): string {
  return `${hostname()}/${process.pid}`;
}

/**
 * Gives queries that a dead process left as accepted their end. Dead is: of this host and no longer
 * running, or older than any query may be. Several processes may share one database file, so those of
 * a running one stay untouched. Returns how many there were.
 */
export async function markLostQueries({ knex }: Database): Promise<number> {
  const accepted = () => knex('queries').where({ status: 'accepted' });
  const replicas = await accepted().distinct().pluck<string[]>('replica');
  const dead = replicas.filter((name) => isDead(parse(name)));
  const tooOld = new Date(Date.now() - 2 * MAX_TIMEOUT_MS).toISOString();
  return await accepted()
    .where((either) => either.whereIn('replica', dead).orWhere('created_at', '<', tooOld))
    .update({ status: 'lost', error_code: 'SERVER_RESTARTING', finished_at: new Date().toISOString() });
}

function parse(name: string): Replica {
  const slash = name.lastIndexOf('/');
  return { host: name.slice(0, slash), pid: Number(name.slice(slash + 1)) };
}

function isDead({ host, pid }: Replica): boolean {
  if (host !== hostname()) return false;
  if (pid === process.pid) return true; // this process has only just begun: it was another one of the same number
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'EPERM'); // EPERM: alive, somebody else's
  }
}
