import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { createSandbox, runCommand, type Sandbox } from './run-command.ts';

function makeShop({ directory }: Sandbox): string {
  const path = join(directory, 'shop.db');
  const database = new DatabaseSync(path);
  database.exec(`
    CREATE TABLE orders (id INTEGER PRIMARY KEY, status TEXT, ordered_on DATE);
    INSERT INTO orders VALUES (1, 'paid', '2024-05-01'), (2, 'paid', '2025-02-01'), (3, 'open', '2025-03-01');
  `);
  database.close();
  return `sqlite:${path}`;
}

test('a question goes on from an earlier one, also of another process', { timeout: 60_000 }, async () => {
  await using sandbox = await createSandbox();
  const db = ['--db', makeShop(sandbox)];
  const json = async (words: readonly string[]): Promise<{ data: { id: string; rows: unknown; reading: unknown } }> =>
    JSON.parse((await runCommand(['ask', ...words, ...db, '--json'], sandbox)).stdout);
  const first = await json(['how many orders were placed in 2024?']);
  expect(first.data).toMatchObject({
    rows: [[1]],
    reading: [
      { phrase: 'how many', reads: 'how many there are' },
      { phrase: 'orders', reads: 'rows of orders' },
      { phrase: '2024', reads: 'the year 2024' },
    ],
  });
  const second = await json(['and in 2025?', '--follow-up', first.data.id]);
  expect(second.data.rows).toEqual([[2]]);
  const third = await runCommand(['ask', 'only paid ones', '--follow-up', second.data.id, '--explain', ...db], sandbox);
  expect(third).toMatchObject({ status: 0, stdout: '1\n' });
  expect(third.stderr).toMatch(/read: paid +orders\.status is 'paid'[\s\S]*to go on: --follow-up [0-9a-f-]{36}/);
  const lost = await runCommand(['ask', 'and in 2023?', '--follow-up', 'nonsense', ...db], sandbox);
  expect(lost).toMatchObject({ status: 6, stdout: '', stderr: expect.stringContaining('no question of yours') });
});
