import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DatabaseSchema } from '#core/schema.ts';
import { builtinWriter } from './builtin-writer.ts';
import { SHOP } from './testing/shop.sql.ts';
import { ask, type Fixture, openFixture } from './testing/sqlite-fixture.ts';

const CONCERTS = `
CREATE TABLE stadium (stadium_id INTEGER PRIMARY KEY, name TEXT, capacity INTEGER);
CREATE TABLE concert (concert_id INTEGER PRIMARY KEY, title TEXT, stadium_id INTEGER REFERENCES stadium (stadium_id), year INTEGER);
CREATE TABLE singer (singer_id INTEGER PRIMARY KEY, name TEXT, country TEXT, age INTEGER, is_male TEXT);
CREATE TABLE singer_in_concert (concert_id INTEGER REFERENCES concert (concert_id), singer_id INTEGER REFERENCES singer (singer_id),
  PRIMARY KEY (concert_id, singer_id));
INSERT INTO stadium VALUES (1, 'Hampden', 5000), (2, 'Glebe', 800), (3, 'Bayview', 2000);
INSERT INTO concert VALUES (1, 'Auditions', 1, 2014), (2, 'Finals', 1, 2015), (3, 'Week 1', 2, 2014);
INSERT INTO singer VALUES (1, 'Joe', 'Netherlands', 52, 'F'), (2, 'Rose', 'France', 41, 'F'), (3, 'Tribal', 'France', 25, 'T');
INSERT INTO singer_in_concert VALUES (1, 1), (1, 2), (2, 2), (3, 3);
`;

const concerts = openFixture(CONCERTS);
const shop = openFixture(SHOP);
const writer = builtinWriter();

async function answer(fixture: Fixture, question: string): Promise<unknown[][] | string> {
  const draft = await ask(writer, fixture, question);
  return draft.kind === 'statement' ? fixture.rows(draft.sql) : draft.kind;
}

describe('rows of a real database', () => {
  test.each<[string, unknown[][]]>([
    ['how many singers are there?', [[3]]],
    ['What is the average, minimum and maximum age of French singers?', [[33, 25, 41]]],
    [
      'names and ages of all singers from the oldest to the youngest',
      [
        ['Joe', 52],
        ['Rose', 41],
        ['Tribal', 25],
      ],
    ],
    ['Which countries have singers older than 30?', [['Netherlands'], ['France']]],
    [
      'How many singers are from each country?',
      [
        ['France', 2],
        ['Netherlands', 1],
      ],
    ],
    ['singers above the average age', [['Joe'], ['Rose']]],
    ['the two youngest singers', [['Tribal'], ['Rose']]],
    ['names of stadiums without any concerts', [['Bayview']]],
    ['stadiums that had concerts in both 2014 and 2015', [['Hampden']]],
    ['stadiums that did not have a concert in 2014', [['Bayview']]],
    ['which stadium has the most concerts', [['Hampden']]],
    [
      'number of concerts for each stadium',
      [
        ['Hampden', 2],
        ['Glebe', 1],
      ],
    ],
    ['singers who performed in at least 2 concerts', [['Rose']]],
    ['stadiums with a capacity between 1000 and 6000', [['Hampden'], ['Bayview']]],
    ['how many concerts took place in the stadium with the highest capacity?', [[2]]],
    ['singers whose age is not 41', [['Joe'], ['Tribal']]],
    ['singers older than 50 or younger than 30', [['Joe'], ['Tribal']]],
    ['singers whose name contains "os"', [['Rose']]],
    ['male singers', [['Tribal']]],
    ['how many concerts were there in 2014 or 2015', [[3]]],
    [
      'the number of singers in each concert',
      [
        ['Auditions', 2],
        ['Finals', 1],
        ['Week 1', 1],
      ],
    ],
  ])('%s', async (question, rows) => {
    const found = await answer(concerts, question);
    expect(sorted(found)).toEqual(sorted(rows));
  });

  test('revenue is a sum over order lines, and is said to be', async () => {
    const draft = await ask(writer, shop, 'top 2 products by revenue');
    expect(draft).toMatchObject({
      kind: 'statement',
      model: null,
      assumptions: ['Revenue is the sum of order_items.line_total.'],
    });
    expect(await answer(shop, 'top 2 products by revenue')).toEqual([
      ['Harbour Atlas', 240],
      ['Simple Headphones', 177],
    ]);
  });

  test('a sum over rows that a join repeats is not given', async () => {
    expect(await answer(shop, 'total shipping fee per product')).toBe('unsure');
  });
});

const sorted = (rows: unknown): unknown => (Array.isArray(rows) ? rows.map((row) => JSON.stringify(row)).sort() : rows);

describe('what it does not know', () => {
  test.each([
    'how many unicorns are there?',
    'names of singers with a beard',
    'delete all singers',
    'singers taller than 180',
    'why are there so many concerts',
    'singers who like jazz',
    'What is the email of each singer?',
    'tickets sold per concert',
  ])('%s: unsure', async (question) => {
    expect(await answer(concerts, question)).toBe('unsure');
  });

  test('names the word it could not place, and what is spelt most like it', async () => {
    const draft = await ask(writer, concerts, 'total capacitance of stadiums');
    expect(draft).toMatchObject({ kind: 'unsure' });
    expect(draft.kind === 'unsure' && draft.reason).toMatch(/“.*”/);
  });

  test('asks back where a question has two readings', async () => {
    const draft = await ask(writer, shop, 'how many orders are there per region');
    expect(draft).toMatchObject({ kind: 'clarify' });
    expect(draft.kind === 'clarify' && draft.choices.length).toBe(2);
  });

  test('does not repeat a statement that was refused', async () => {
    const { schema, findValues } = concerts;
    const rejected = [{ sql: 'SELECT 1', reason: 'no' }];
    const draft = await writer.write({
      question: 'how many singers',
      earlier: [],
      schema,
      today: '2026-11-21',
      findValues,
      egress: 'rows',
      rejected,
      signal: AbortSignal.timeout(1000),
    });
    expect(draft.kind).toBe('unsure');
  });
});

const STEADY = [
  'how many singers are there?',
  'names of singers from France',
  'which stadium has the most concerts',
  'number of concerts for each stadium',
  'stadiums with a capacity over 1000',
  'average age of singers per country',
  'singers older than 30',
];

describe('properties', () => {
  test('letter case does not matter', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...STEADY),
        fc.array(fc.boolean(), { maxLength: 60 }),
        async (question, upper) => {
          const shouted = [...question]
            .map((letter, at) => (upper[at] === true ? letter.toUpperCase() : letter))
            .join('');
          expect(await answer(concerts, shouted)).toEqual(await answer(concerts, question));
        },
      ),
      { numRuns: 60 },
    );
  });

  test.each([
    ['how many concerts were there in 2014', 'in 2014 how many concerts were there'],
    ['for each country, how many singers are there', 'how many singers are there for each country'],
    ['French singers older than 30', 'singers older than 30 from France'],
    ['what are the names and ages of singers', 'for all singers, list the names and ages'],
  ])('the order of words with the same meaning does not: %s', async (one, other) => {
    const first = await answer(concerts, one);
    expect(Array.isArray(first)).toBe(true);
    expect(sorted(await answer(concerts, other))).toEqual(sorted(first));
  });

  test('a typo in a value gives the same answer or none, never another', async () => {
    const question = 'how many singers are from Netherlands';
    const right = await answer(concerts, question);
    const value = 'Netherlands';
    await fc.assert(
      fc.asyncProperty(fc.nat(value.length - 1), fc.constantFrom('x', 'q', ''), async (at, letter) => {
        const typo = question.replace(value, value.slice(0, at) + letter + value.slice(at + 1));
        const found = await answer(concerts, typo);
        expect(Array.isArray(found) ? found : right).toEqual(right);
      }),
    );
  });

  test.each([
    ['how many singers are from Frnace', '“Frnace” is read as France.'],
    ['how many singers are from Francee', '“Francee” is read as France.'],
    ['how many singers are from Netherlnds', '“Netherlnds” is read as Netherlands.'],
  ])('a slip in a value is put right, and that is said: %s', async (question, assumption) => {
    const draft = await ask(writer, concerts, question);
    expect(draft).toMatchObject({ kind: 'statement', assumptions: [assumption] });
    const right = question.replace(/\S+$/, /read as (\w+)/.exec(assumption)?.[1] ?? '');
    expect(await answer(concerts, question)).toEqual(await answer(concerts, right));
  });

  test('whatever is typed, it answers in time, and what it answers runs', async () => {
    const words = [
      ...new Set(STEADY.join(' ').split(' ')),
      'not',
      'or',
      'and',
      '2014',
      '"',
      "'",
      'by',
      'most',
      '(',
      ';',
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 12 }), async (picked) => {
        const draft = await ask(writer, concerts, picked.join(' '));
        if (draft.kind === 'statement') concerts.rows(draft.sql);
      }),
      { numRuns: 400 },
    );
  });
});

describe('dialects and sizes', () => {
  const postgres: DatabaseSchema = {
    ...shop.schema,
    dialect: 'postgres',
    defaultSchemas: ['public'],
    tables: shop.schema.tables.map((table) => ({ ...table, schema: 'public' })),
  };
  const inPostgres: Fixture = {
    ...shop,
    schema: postgres,
    findValues: async (texts) => (await shop.findValues(texts)).map((hit) => ({ ...hit, schema: 'public' })),
  };

  test('PostgreSQL gets its own functions, and names as it folds them', async () => {
    expect(await ask(writer, inPostgres, 'number of orders per month in 2025')).toMatchObject({
      sql: [
        "SELECT TO_CHAR(ordered_at, 'YYYY-MM') AS month, COUNT(*) AS order_count",
        'FROM orders',
        "WHERE ordered_at >= '2025-01-01' AND ordered_at < '2026-01-01'",
        "GROUP BY TO_CHAR(ordered_at, 'YYYY-MM')",
        "ORDER BY TO_CHAR(ordered_at, 'YYYY-MM')",
      ].join('\n'),
    });
  });

  test('quotes and schemas are written where they are needed', async () => {
    const odd = {
      ...postgres,
      tables: postgres.tables.map((table) =>
        table.name === 'customers' ? { ...table, schema: 'sales', name: 'Customers' } : table,
      ),
    };
    expect(await ask(writer, inPostgres, 'how many customers are there', { schema: odd })).toMatchObject({
      sql: 'SELECT COUNT(*) AS customer_count\nFROM sales."Customers"',
    });
  });

  test('a value with a quote in it stays a value', async () => {
    expect(await answer(shop, `how many products are called "O'Brien Cookbook"`)).toEqual([[1]]);
  });
});
