import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Database } from './support/database.ts';
import { Stack } from './support/stack.ts';

/** The public sample databases on a real PostgreSQL, asked through all three programs, and locally. */

const SAMPLES = fileURLToPath(new URL('../../shared/bench/samples/', import.meta.url));
const present = existsSync(SAMPLES);
if (!present) console.warn(`\n*** SKIPPED: the sample databases are not at ${SAMPLES} ***\n`);

const GENRES = 'how many tracks are there per genre?';

describe.runIf(present)('Chinook', () => {
  let database: Database;
  let stack: Stack;
  beforeAll(async () => {
    database = await Database.create([`${SAMPLES}chinook/chinook_postgres.sql`]);
    stack = await Stack.start({ databaseUrl: database.readerUrl });
  });
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
  });

  async function expected(): Promise<Map<string, string>> {
    const { rows } = await database.admin.query<{ name: string; n: string }>(
      'SELECT g.name, count(*) AS n FROM track t JOIN genre g USING (genre_id) GROUP BY g.name',
    );
    return new Map(rows.map(({ name, n }) => [name, n]));
  }

  const ways: readonly [string, () => string[]][] = [
    ['hosted', () => []],
    ['local', () => ['--db', database.readerUrl]],
  ];

  test.each(ways)('%s: the answer in every format', async (_, where) => {
    const genres = await expected();
    expect(genres.size).toBe(25);
    const ask = async (format: string): Promise<string> => {
      const { code, stdout, stderr } = await stack.custard(['ask', GENRES, '-o', format, ...where()]);
      expect(code, stderr).toBe(0);
      return stdout;
    };
    const { data, schema } = JSON.parse(await ask('json'));
    expect(schema).toBe('custard.answer/1');
    expect(new Map(data.rows)).toEqual(genres);
    expect(data).toMatchObject({ row_count: 25, truncated: false, sql: expect.stringMatching(/^SELECT /) });

    const events = (await ask('ndjson'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(new Map(events.filter((event) => event.type === 'row').map((event) => event.row))).toEqual(genres);
    expect(events.at(0)).toMatchObject({ type: 'start', schema: 'custard.event/1' });
    expect(events.at(-1)).toMatchObject({ type: 'done', row_count: 25, truncated: false });

    const separated = (text: string, by: string): Map<string, string> =>
      new Map(
        text
          .trimEnd()
          .split(/\r?\n/)
          .slice(1)
          .map((line) => line.split(by) as [string, string]),
      );
    expect(separated(await ask('csv'), ',')).toEqual(genres);
    expect(separated(await ask('tsv'), '\t')).toEqual(genres);
    for (const format of ['table', 'vertical', 'md']) {
      const text = await ask(format);
      for (const [name, n] of genres) expect(text).toMatch(new RegExp(`${name}[^\\n]*(\\n[^\\n]*)?\\b${n}\\b`));
    }
  });
});

describe.runIf(present)('Pagila and Northwind', () => {
  const cases: readonly [string, string[], [question: string, sql: string][]][] = [
    [
      'pagila',
      ['pagila/pagila-schema.sql', 'pagila/pagila-data.sql'],
      [
        ['how many films are there per rating?', 'SELECT rating::text, count(*) FROM film GROUP BY rating'],
        ['how many customers are there?', 'SELECT count(*) FROM customer'],
      ],
    ],
    [
      'northwind',
      ['northwind/northwind_postgres.sql'],
      [
        [
          'how many products are there per category?',
          'SELECT c.category_name, count(*) FROM products p JOIN categories c USING (category_id) GROUP BY 1',
        ],
        ['how many orders are there?', 'SELECT count(*) FROM orders'],
      ],
    ],
  ];
  test.each(cases)('%s', async (_, files, questions) => {
    await using database = await Database.create(files.map((file) => SAMPLES + file));
    await using stack = await Stack.start({ databaseUrl: database.readerUrl });
    for (const [question, sql] of questions) {
      const { code, stdout, stderr } = await stack.custard(['ask', question, '--json']);
      expect(code, stdout + stderr).toBe(0);
      const { rows } = await database.admin.query({ text: sql, rowMode: 'array' });
      const sorted = (list: unknown[]): string[] =>
        list.map((row) => JSON.stringify(row)).sort((a, b) => a.localeCompare(b));
      expect(sorted(JSON.parse(stdout).data.rows)).toEqual(sorted(rows));
    }
  });
});
