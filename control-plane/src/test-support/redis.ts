import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.ts';

export interface TestRedis extends AsyncDisposable {
  readonly url: string;
}

/** A real Redis of one's own, in memory, on a port nobody else has. */
export async function startRedis(port: number): Promise<TestRedis> {
  const program = process.env['CUSTARD_TEST_REDIS_SERVER'];
  if (program === undefined)
    throw new Error('No Redis to test with: run ./scripts/test, or set CUSTARD_TEST_REDIS_SERVER to redis-server.');
  const folder = mkdtempSync(join(tmpdir(), 'custard-redis-'));
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const server = spawn(program, options, { stdio: 'ignore' });
  await until('Redis', () => answers(port));
  return {
    url: `redis://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      const gone = once(server, 'exit');
      server.kill('SIGKILL');
      await gone;
      rmSync(folder, { recursive: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString().startsWith('+PONG'));
    });
    socket.once('error', () => resolve(false));
  });
}
