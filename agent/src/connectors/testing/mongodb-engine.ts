import type { Document } from 'mongodb';
import { MAX_ROW_BYTES } from '#core/protocol/limits.ts';
import { type MongodbFixture, mongodbUrl, startEmulated, startReal } from '../mongodb/testing/mongodb-fixture.ts';
import { VALUES } from '../mongodb/testing/shop-documents.ts';
import { WRONG_PASSWORD } from './contract/connection-cases.ts';
import type { Statements } from './contract/statements.ts';
import { CUSTOMERS, type Engine, type Failure, type Fixture, SUPPLIERS, type ValueSample } from './engine.ts';
import { connectorOf, runElsewhere } from './owner-sql.ts';

const text = (statement: Document): string => JSON.stringify(statement);

/** Of VALUES, those that one column of a document can hold beside others: no two of one look. */
const MASKED_INDEXES = [0, 1, 2, 3, 4, 5, 8, 9, 11, 12, 13, 15, 16];

const fieldsOf = (indexes: readonly number[]): Document =>
  Object.fromEntries(indexes.map((_, index) => [`c${index}`, 1]));

const STATEMENTS: Statements = {
  one: text({ collection: 'customer', find: {}, projection: { _id: 1 }, limit: 1 }),
  value: (sample) => text({ collection: 'values', find: { _id: Number(sample) }, projection: { value: 1, _id: 0 } }),
  customers: text({ collection: 'customer', find: {}, projection: { _id: 1, name: 1, note: 1 }, sort: { _id: 1 } }),
  noCustomers: text({ collection: 'customer', pipeline: [{ $match: { _id: -1 } }, { $project: { _id: 1, name: 1 } }] }),
  orders: text({ collection: 'order', find: {} }),
  customer: (id) => text({ collection: 'customer', find: { _id: id }, projection: { name: 1, _id: 0 } }),
  customerStar: (id) => text({ collection: 'customer', find: { _id: id } }),
  notes: text({ collection: 'customer', find: {}, projection: { note: 1, _id: 0 }, sort: { _id: 1 } }),
  countCustomers: text({ collection: 'customer', count: {} }),
  valued: text({ collection: 'valued', find: {}, projection: { _id: 0, ...fieldsOf(MASKED_INDEXES) } }),
  wideOne: text({
    collection: 'Wide One',
    pipeline: [{ $sort: { _id: 1 } }, { $project: { _id: 0, plain: 1, 'Größe "x"': 1 } }],
  }),
  buyers: text({ collection: 'buyer', find: {}, projection: { _id: 0, Called: 1, number: 1 } }),
  noTable: text({ collection: 'nowhere', find: {} }),
  made: text({ collection: 'made', find: {} }),
  hidden: [
    { $project: { x: '$name' } },
    { $project: { name: { $toUpper: '$name' } } },
    { $group: { _id: '$name' } },
    { $project: { note: 1 } },
  ].map((stage) => ({
    statement: text({ collection: 'customer', pipeline: [stage] }),
    table: 'customer',
    column: 'name',
  })),
  planned: {
    one: text({ collection: 'customer', find: { _id: 2 } }),
    all: text({ collection: 'customer', find: {}, projection: { note: 1 } }),
  },
};

const WRITES = [
  text({ collection: 'customer', pipeline: [{ $match: {} }, { $out: 'made' }] }),
  text({ collection: 'customer', pipeline: [{ $merge: { into: 'order' } }] }),
  text({ collection: 'customer', pipeline: [{ $out: { db: 'shop', coll: 'made' } }] }),
];

const FAILURES: readonly Failure[] = [
  { sql: '{"collection": "nowhere", "find": {}}', code: 'RELATION_NOT_FOUND' },
  { sql: '{"collection": "nowhere", "count": {}}', code: 'RELATION_NOT_FOUND' },
  { sql: '{"collection": "customer", "find": {}', code: 'STATEMENT_INVALID' },
  { sql: '[{"$match": {}}]', code: 'STATEMENT_INVALID' },
  { sql: '{"collection": "customer", "find": {}, "maxTimeMS": 0}', code: 'STATEMENT_INVALID' },
  { sql: '', code: 'STATEMENT_INVALID' },
];

/** Fields of the one document of `valued`, and the text that masks make of them. */
const MASKED: readonly (readonly [unknown, string | null])[] = MASKED_INDEXES.map(
  (index): readonly [unknown, string | null] => {
    const [value, cell] = VALUES[index] ?? [null, null];
    return [value, cell === null ? null : String(cell)];
  },
);

const SHOP = {
  customer: CUSTOMERS.map(([_id, name, email, note]) => ({ _id, name, email, note })),
  order: [{ _id: 1, customer_id: 1, total: VALUES[11]?.[0], placed_at: new Date('2024-02-29T12:00:00Z') }],
  views: {
    big_spender: { viewOn: 'customer', pipeline: [{ $match: { _id: 1 } }, { $project: { name: 1 } }] },
    buyer: { viewOn: 'customer', pipeline: [{ $project: { _id: 0, number: '$_id', Called: '$name' } }] },
  },
};

/** Counts in two steps, as a list of all numbers would not fit into a document. */
function series(rows: number, width = 100): string {
  const parts = Math.ceil(rows / 1_000);
  const pipeline = [
    { $match: { _id: 1 } },
    { $project: { _id: 0, thousand: { $range: [0, parts] } } },
    { $unwind: '$thousand' },
    { $project: { _id: 0, thousand: 1, one: { $range: [1, 1_001] } } },
    { $unwind: '$one' },
    { $limit: rows },
    {
      $project: {
        _id: 0,
        n: { $add: [{ $multiply: ['$thousand', 1_000] }, '$one'] },
        filler: { $literal: 'x'.repeat(width) },
      },
    },
  ];
  return text({ collection: 'customer', pipeline });
}

function fixtureOf(shop: MongodbFixture): Omit<Fixture, 'wrong' | 'stop'> {
  let wide = 0;
  const add = async (collection: string, document: Document): Promise<string> => {
    await shop.add(collection, [document]);
    return text({ collection, find: {}, projection: { _id: 0 } });
  };
  return {
    ...{ connector: shop.connector, url: shop.url, endless: shop.endless, running: shop.running },
    ...{ schema: null, statements: STATEMENTS, writes: WRITES, failures: FAILURES, series },
    values: VALUES.map(([, cell, type, kind], index) => ({ sql: String(index), cell, type, kind }) as ValueSample),
    maskedTexts: MASKED.map(([, masked]) => masked),
    described: [
      ['_id', 'integer', false],
      ['name', 'text', false],
      ['email', 'text', false],
      ['note', 'text', true],
    ],
    elsewhere: runElsewhere(shop.url),
    wideText: (characters) => add(`wide_${++wide}`, { wide: 'ü'.repeat(characters) }),
    // No document is larger than a row may be; as JSON within JSON each quote takes four characters.
    tooWide: async () => [await add('too_wide', { _id: 1, o: { text: '"'.repeat(MAX_ROW_BYTES / 4 + 10) } })],
    addMaskTables: async () => {
      await shop.add('valued', [Object.fromEntries(MASKED.map(([value], index) => [`c${index}`, value]))]);
      await shop.add(
        'supplier',
        SUPPLIERS.map(([_id, name]) => ({ _id, name })),
      );
      await shop.add('Wide One', []);
    },
    addWideRows: (rows) =>
      shop.add(
        'Wide One',
        rows.map(([_id, masked, plain]) => ({ _id, 'Größe "x"': masked, plain })),
      ),
    execute: async () => undefined,
  };
}

const ABSENT = {
  missing: 'A database that nobody has written to is an empty one to MongoDB.',
  'same names': 'A document has no two fields of one name.',
  'foreign keys': 'MongoDB has none.',
  'columns of relations': 'Collections have no columns of their own; what a view reads is told all the same.',
  'mask renamed': 'A masked field under another name is denied, not masked.',
  'mask joined': 'Joining in a masked collection is denied, not masked.',
} as const;

type Wrong = Fixture['wrong'];

const engineOf = (
  name: string,
  open: () => Promise<{ readonly shop: MongodbFixture; readonly wrong: Wrong; readonly stop: () => Promise<void> }>,
): Engine => ({
  name,
  dialect: 'mongodb',
  absent: ABSENT,
  typesByValue: true,
  async start() {
    const { shop, wrong, stop } = await open();
    await shop.add(
      'values',
      VALUES.map(([value], _id) => ({ _id, value })),
    );
    return { ...fixtureOf(shop), wrong, stop };
  },
});

const nobodyThere = (url: string): Wrong => ({
  unreachable: connectorOf(url, (changed) => {
    changed.port = '1';
  }),
});

/** An emulator of ours that speaks MongoDB's wire protocol, asked by the real driver; no MongoDB. */
export const mongodbEngine = engineOf('mongodb (emulator)', async () => {
  const shop = await startEmulated({}, SHOP);
  const locked = await startEmulated({ users: { ana: 'right' } }, SHOP);
  const password = connectorOf(locked.url, (changed) => {
    changed.username = 'ana';
    changed.password = encodeURIComponent(WRONG_PASSWORD);
    changed.search = '?authMechanism=PLAIN&authSource=$external';
  });
  const stop = async () => {
    await shop.stop();
    await locked.stop();
  };
  return { shop, wrong: { ...nobodyThere(shop.url), password }, stop };
});

/** A MongoDB of somebody's own, with users, as one who may make databases. */
export function mongodbEngines(): readonly Engine[] {
  const url = mongodbUrl();
  if (url === undefined) return [];
  const engine = engineOf('mongodb (real)', async () => {
    const shop = await startReal(url, SHOP);
    const password = connectorOf(shop.url, (changed) => {
      changed.password = encodeURIComponent(WRONG_PASSWORD);
    });
    return { shop, wrong: { ...nobodyThere(shop.url), password }, stop: shop.stop };
  });
  return [engine];
}
