import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tableName, toDataFiles } from './data-file.ts';
import { RESERVED_WORDS } from './reserved-words.ts';

test.each([
  ['sales.csv', 'sales'],
  ['/a/b/Sales 2024.csv.gz', 'Sales_2024'],
  ['2024.csv', 't_2024'],
  ['umsätze (1).tsv', 'umsätze_1'],
  ["o'brien\n.json", 'o_brien'],
  ['order.parquet', 'order_'],
  ['.csv', 'csv'],
  ['日本.csv', '日本'],
  ['---.csv', 'data'],
  ['a.b.csv', 'a_b'],
])('%j is the table %s', (path, name) => expect(tableName(path)).toBe(name));

test('the words that need quotes are the engine’s', async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const result = await connection.runAndReadAll(
    "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category IN ('reserved', 'type_function') ORDER BY 1",
  );
  expect([...RESERVED_WORDS]).toEqual(result.getColumns()[0]);
  connection.closeSync();
});

test('any names become tables that SQL takes without quotes, each once', async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const names = fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(names, async (given) => {
      const files = toDataFiles(given.map((name) => ({ path: `${name}.csv`, label: `${name}.csv` })));
      await connection.run('BEGIN');
      for (const { table } of files) await connection.run(`CREATE TABLE ${table} (a INT)`);
      await connection.run('ROLLBACK');
    }),
    { numRuns: 100 },
  );
  connection.closeSync();
});
