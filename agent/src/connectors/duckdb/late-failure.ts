import type { Task } from './task.ts';

/**
 * Why a result came to its end: undefined where it was complete. A statement that fails after its first rows ends as one
 * that has no more of them, and the driver does not tell which; but a transaction in which one failed runs no other. For
 * the reason it is run once more, by EXPLAIN ANALYZE, which keeps no rows.
 */
export async function failureOf(task: Task, statement: string): Promise<unknown> {
  try {
    await task.connection.run('SELECT 1');
    return undefined;
  } catch {
    task.throwIfInterrupted();
    return await reasonFor(task, statement);
  }
}

async function reasonFor(task: Task, statement: string): Promise<unknown> {
  const connection = await task.connect();
  try {
    await connection.run('BEGIN TRANSACTION READ ONLY');
    await connection.run(`EXPLAIN ANALYZE ${statement}`);
  } catch (error) {
    task.throwIfInterrupted();
    if (error instanceof Error && !error.message.startsWith('Parser Error')) return error;
  }
  return new Error('Execution Error: The statement failed after some of its rows.');
}
