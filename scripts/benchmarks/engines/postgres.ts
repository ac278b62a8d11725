import { Client } from 'pg';
import { createMeasuredTable } from '../table.ts';
import type { MeasuredEngine } from './engine.ts';

const RUNNING = `SELECT count(*)::int AS n FROM pg_stat_activity
  WHERE state = 'active' AND backend_type = 'client backend' AND pid <> pg_backend_pid()`;

export async function openPostgres(url: string, rows: number): Promise<MeasuredEngine> {
  await createMeasuredTable(url, rows);
  const watcher = new Client({ connectionString: url });
  await watcher.connect();
  return {
    name: 'PostgreSQL',
    dbType: 'POSTGRESQL',
    url,
    running: async () => (await watcher.query<{ n: number }>(RUNNING)).rows[0]?.n ?? 0,
    [Symbol.asyncDispose]: () => watcher.end(),
  };
}
