import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MongodbFixture, startMongodb } from '#agent/connectors/mongodb/testing/mongodb-fixture.ts';
import { wholeSchema } from '#agent/connectors/whole-schema.ts';
import { builtinWriter } from '#control-plane/answering/builtin/builtin-writer.ts';
import { SHOP_QUESTIONS } from '#control-plane/answering/builtin/golden/shop-questions.ts';
import { SHOP } from '#control-plane/answering/builtin/testing/shop.sql.ts';
import { ask, type Fixture, openFixture } from '#control-plane/answering/builtin/testing/sqlite-fixture.ts';
import type { Draft } from '#control-plane/answering/sql-writer.ts';
import { loadGuard } from '#core/guard/load-guard.ts';
import type { DatabaseSchema } from '#core/schema.ts';
import { plainRows, rowsOf } from './support/planner-rows.ts';

const signal = AbortSignal.timeout(120_000);
const writer = builtinWriter();

let mongodb: MongodbFixture;
let shop: Fixture;
let schema: DatabaseSchema;

beforeAll(async () => {
  mongodb = await startMongodb();
  shop = openFixture(SHOP);
  for (const { name, kind } of shop.schema.tables) if (kind === 'table') await mongodb.add(name, documentsOf(name));
  await mongodb.add('parcels', PARCELS);
  const all = await wholeSchema(mongodb.connector, { signal });
  const own = new Set([...shop.schema.tables.map(({ name }) => name), 'parcels']);
  schema = { ...all, tables: all.tables.filter(({ name }) => own.has(name)) };
});
afterAll(() => mongodb.stop());

/** A table's rows as documents: the key is _id, days and times are dates. */
function documentsOf(name: string): Record<string, unknown>[] {
  const columns = shop.schema.tables.find((table) => table.name === name)?.columns ?? [];
  return shop.rows(`SELECT * FROM ${name} ORDER BY id`).map((row) =>
    Object.fromEntries(
      columns.map(({ name: field, kind }, at) => {
        const value = row[at];
        const date = (kind === 'date' || kind === 'timestamp') && typeof value === 'string';
        const shown = date ? new Date(`${value.replace(' ', 'T')}${value.includes(' ') ? 'Z' : 'T00:00:00Z'}`) : value;
        return [field === 'id' ? '_id' : field, kind === 'boolean' ? value === 1 : shown];
      }),
    ),
  );
}

/** What only documents have: fields within fields, and lists. */
const PARCELS = [
  {
    ...{ _id: 1, customerId: 1, labels: ['fragile', 'gift'], to: { town: 'Graz', zip: '8010' } },
    contents: [
      { article: 'Lamp', pieces: 2, worth: 40 },
      { article: 'Vase', pieces: 1, worth: 25 },
    ],
  },
  { ...{ _id: 2, customerId: 2, to: { town: 'Linz' } }, contents: [{ article: 'Lamp', pieces: 1, worth: 20 }] },
  { ...{ _id: 3, customerId: 1, labels: ['gift'], to: { town: 'Graz' } }, contents: [] },
];

type FindValues = Fixture['findValues'];
const inDocuments: FindValues = (texts) => mongodb.connector.findValues({ texts, skip: () => false, signal });

const write = (question: string, findValues: FindValues): Promise<Draft> =>
  writer.write({
    ...{ question, earlier: [], schema, today: '2026-11-21', findValues, rejected: [], egress: 'rows', signal },
  });

test('what is asked of the demo shop comes to the same as in SQL, and passes the guard', {
  timeout: 120_000,
}, async () => {
  const guard = await loadGuard('mongodb');
  let written = 0;
  for (const question of SHOP_QUESTIONS) {
    const [draft, reference] = [await write(question, shop.findValues), await ask(writer, shop, question)];
    if (draft.kind !== 'statement' || reference.kind !== 'statement') continue;
    written++;
    expect(await guard.check(draft.sql), draft.sql).toMatchObject({ verdict: 'allow' });
    const rows = await rowsOf(mongodb.connector, draft.sql, signal);
    // Of rows that tie for the last place any may be shown: they have to be among those without a limit.
    const all = shop.rows(reference.sql.replace(/\nLIMIT \d+$/, ''));
    const expected = plainRows(all).filter((row) => all.length === rows.length || plainRows(rows).includes(row));
    expect(plainRows(rows), `${question}\n${draft.sql}`).toEqual(expected);
    expect(rows.length).toBe(shop.rows(reference.sql).length);
  }
  expect(written).toBeGreaterThan(150);
});

describe('fields within fields, and lists', () => {
  test.each<[string, unknown[][]]>([
    ['how many parcels are there', [[3]]],
    ['how many parcels go to Graz', [[2]]],
    [
      'number of parcels per town',
      [
        ['Graz', 2],
        ['Linz', 1],
      ],
    ],
    ['total worth of parcel contents', [[85]]],
    ['average worth of parcel contents', [[85 / 3]]],
    ['how many parcels have the label gift', [[2]]],
    [
      'parcels per customer',
      [
        ['Anna', 'Weiß', 2],
        ['Max', 'Huber', 1],
      ],
    ],
    ['customers without parcels', [['陽子', '佐藤']]],
    ['articles of parcel contents with more than 1 pieces', [['Lamp']]],
    ['how many parcels go to Nowhere', []],
  ])('%s', async (question, expected) => {
    const draft = await write(question, inDocuments);
    const rows = draft.kind === 'statement' ? await rowsOf(mongodb.connector, draft.sql, signal) : [];
    expect(plainRows(rows), JSON.stringify(draft)).toEqual(plainRows(expected));
  });
});
