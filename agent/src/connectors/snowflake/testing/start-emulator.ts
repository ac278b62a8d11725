import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export interface Emulator {
  readonly address: string;
  /** As the database's owner, on DuckDB. */
  execute(sql: string): Promise<void>;
  /** Statements that it runs at this moment. */
  running(): Promise<number>;
  /** Ends all sessions, and tells nobody. */
  forget(): Promise<void>;
  stop(): Promise<void>;
}

/** In a process of its own, so that the memory it takes is not the connector's. */
export async function startEmulator(): Promise<Emulator> {
  const program = fileURLToPath(new URL('./emulator.ts', import.meta.url));
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line]: unknown[] = await once(createInterface(child.stdout), 'line');
  const address = `http://127.0.0.1:${String(line)}`;
  const ask = async (path: string, body: unknown): Promise<number> => {
    const response = await fetch(`${address}/emulator/${path}`, { method: 'POST', body: JSON.stringify(body) });
    const answer = z
      .object({ running: z.number().optional(), message: z.string().optional() })
      .parse(await response.json());
    if (answer.running === undefined) throw new Error(answer.message);
    return answer.running;
  };
  return {
    address,
    execute: async (sql) => void (await ask('execute', { sql })),
    running: () => ask('running', {}),
    forget: async () => void (await ask('forget', {})),
    stop: async () => {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}
