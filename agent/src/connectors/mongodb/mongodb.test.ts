import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Hostile, sharedLines } from '#core/guard/testing/corpora.ts';
import { Posture } from '#core/posture.ts';
import { DatabaseSchema } from '#core/schema.ts';
import { parseDatabaseUrl } from '../database-url.ts';
import { openConnector } from '../registry.ts';
import { collect } from '../testing/collect.ts';
import { until } from '../testing/until.ts';
import { wholeSchema } from '../whole-schema.ts';
import { type MongodbFixture, SERVER_NAME, startMongodb } from './testing/mongodb-fixture.ts';
import { CUSTOMERS, VALUES } from './testing/shop-documents.ts';

const never = new AbortController().signal;

describe(`MongoDB connector on ${SERVER_NAME}`, () => {
  let fixture: MongodbFixture;

  beforeAll(async () => {
    fixture = await startMongodb();
    await fixture.add(
      'valued',
      VALUES.map(([value], index) => ({ _id: index, value })),
    );
  });
  afterAll(async () => {
    await fixture.stop();
  });

  const run = (statement: object | string, options: Parameters<typeof collect>[2] = {}) =>
    collect(fixture.connector, typeof statement === 'string' ? statement : JSON.stringify(statement), options);

  it('leaves no operator out that stands beside another', async () => {
    const names = async (filter: object) => {
      const { data } = await run({ collection: 'customer', find: filter, projection: { name: 1, _id: 0 } });
      return data.map(([name]) => name);
    };
    const [first, second] = CUSTOMERS.map(({ name }) => name);
    expect(await names({ name: { $regex: '^[AB]' } })).toEqual([first, second]);
    expect(await names({ name: { $regex: '^[ab]', $options: 'i', $ne: first } })).toEqual([second]);
    expect(await names({ name: { $regularExpression: { pattern: '^b', options: 'i' } } })).toEqual([second]);
  });

  it('gives all of them in one column as JSON, which tells them apart', async () => {
    const { columns, data } = await run({ collection: 'valued', find: {}, sort: { _id: 1 } });
    expect(columns).toEqual([
      { name: '_id', type: 'int', kind: 'integer' },
      { name: 'value', type: 'mixed', kind: 'json' },
    ]);
    const cells = data.map((row) => row[1]);
    expect(cells.slice(0, 5)).toEqual([JSON.stringify(VALUES[0]?.[0]), '""', null, 'true', '-2147483648']);
    expect(cells.filter((cell) => cell !== null).every((cell) => JSON.parse(String(cell)) !== undefined)).toBe(true);
  });

  it('makes columns of the fields in the order in which they appear, and nothing of what is missing', async () => {
    const { columns, data } = await run({ collection: 'customer', find: {}, sort: { _id: 1 } });
    expect(columns.map(({ name }) => name)).toEqual(['_id', 'name', 'email', 'note', 'address', 'tags']);
    expect(data.map((row) => row.slice(3))).toEqual([
      [null, '{"city":"Ankara","zip":"06420"}', null],
      ['', null, '["a","b"]'],
      ['Germany', '{"city":"Bonn"}', null],
    ]);
    expect(data.map((row) => row[1])).toEqual(CUSTOMERS.map(({ name }) => name));
  });

  it('loses no field of later documents: what has no column is in the last one', async () => {
    const documents = Array.from({ length: 250 }, (_, index) => ({
      _id: index,
      a: 1,
      ...(index === 0 ? { _more: 'taken' } : {}),
      ...(index === 200 ? { late: { x: 1 }, later: 'y' } : {}),
    }));
    await fixture.add('loose', documents);
    const { columns, data } = await run({ collection: 'loose', find: {}, sort: { _id: 1 } });
    expect(columns.map(({ name, kind }) => [name, kind])).toEqual([
      ['_id', 'integer'],
      ['a', 'integer'],
      ['_more', 'text'],
      ['_more_', 'json'],
    ]);
    expect(data.filter((row) => row[3] !== null)).toEqual([[200, 1, null, '{"late":{"x":1},"later":"y"}']]);
    const counted = await run({ collection: 'loose', pipeline: [{ $match: {} }, { $count: 'documents' }] });
    expect(counted.columns).toEqual([{ name: 'documents', type: 'int', kind: 'integer' }]);
    const picked = await run({ collection: 'loose', find: {}, projection: { _id: 0, late: 1, a: 1 } });
    expect(picked.columns.map(({ name }) => name)).toEqual(['late', 'a']);
    expect(picked.data[200]).toEqual(['{"x":1}', 1]);
  });

  it('announces the columns of an empty result where the statement names them', async () => {
    const { columns, data } = await run({
      collection: 'customer',
      pipeline: [{ $match: { _id: -1 } }, { $group: { _id: '$name', n: { $sum: 1 } } }, { $project: { _id: 0, n: 1 } }],
    });
    expect([columns, data]).toEqual([[{ name: 'n', type: '', kind: 'other' }], []]);
  });

  it.each([
    [[{ $group: { _id: '$note', n: { $sum: 1 } } }, { $unset: '_id' }], ['n']],
    [[{ $group: { _id: '$note', n: { $sum: 1 } } }, { $project: { _id: 0 } }], ['n']],
    [[{ $project: { _id: 1 } }], ['_id']],
    [
      [{ $project: { 'address.city': 1, x: { y: '$name' } } }, { $unset: ['x', 'address.city'] }],
      ['_id', 'address'],
    ],
    [
      [{ $sortByCount: '$note' }, { $set: { share: 1 } }, { $sort: { _id: 1 } }],
      ['_id', 'count', 'share'],
    ],
    [[{ $facet: { all: [{ $count: 'n' }], some: [] } }], ['all', 'some']],
    [[{ $bucket: { groupBy: '$_id', boundaries: [0, 9], output: { n: { $sum: 1 } } } }], ['_id', 'n']],
    [
      [{ $project: { _id: false, name: 1 } }, { $lookup: { from: 'order', pipeline: [], as: 'o' } }],
      ['name', 'o'],
    ],
  ])('knows the columns by the statement: %j', async (pipeline, names) => {
    const { columns } = await run({ collection: 'customer', pipeline });
    expect(columns.map(({ name }) => name)).toEqual(names);
  });

  it('counts, and lists distinct values', async () => {
    expect((await run({ collection: 'customer', count: { note: { $ne: null } } })).data).toEqual([[2]]);
    expect((await run({ collection: 'customer', count: { _id: -1 } })).data).toEqual([[0]]);
    const { columns, data } = await run({ collection: 'customer', distinct: 'address.city', filter: { _id: 3 } });
    expect([columns[0]?.name, data]).toEqual(['address.city', [['Bonn']]]);
  });

  it('takes Extended JSON, and whole numbers as they are written', async () => {
    await fixture.add('exact', [
      { _id: 1, at: new Date('2024-02-29T12:00:00Z') },
      { _id: 2, at: new Date('2025-01-01T00:00:00Z') },
    ]);
    const since = { $gte: { $date: '2024-06-01T00:00:00Z' } };
    expect((await run({ collection: 'exact', find: { at: since } })).data).toEqual([[2, '2025-01-01T00:00:00.000Z']]);
    const large = '{"collection": "exact", "find": {}, "limit": 123456789012345678901}';
    await expect(run(large)).rejects.toMatchObject({ code: 'STATEMENT_INVALID' });
  });

  it.each([
    ['{"collection": "customers", "find": {}}', 'RELATION_NOT_FOUND'],
    ['{"collection": "customers", "count": {}}', 'RELATION_NOT_FOUND'],
    ['{"collection": "customer", "find": {}', 'STATEMENT_INVALID'],
    ['[{"$match": {}}]', 'STATEMENT_INVALID'],
    ['{"collection": "customer"}', 'STATEMENT_INVALID'],
    ['{"collection": "customer", "find": {}, "maxTimeMS": 0}', 'STATEMENT_INVALID'],
    ['{"collection": "customer", "find": {"a": {"_bsontype": "Code", "code": "x"}}}', 'QUERY_FAILED'],
    [
      '{"collection": "customer", "pipeline": [{"$nonsense": 1}]}',
      expect.stringMatching(/STATEMENT_INVALID|QUERY_FAILED/),
    ],
  ])('translates errors: %s', async (statement, code) => {
    await expect(run(statement)).rejects.toMatchObject({ code });
  });

  it('writes nothing when the guard is away: no hostile statement changes what the database holds', async () => {
    const before = await fixture.contents();
    const corpus = sharedLines('corpora/hostile/mongodb.jsonl', Hostile).map(({ sql }) => sql);
    const writes = [
      { collection: 'customer', pipeline: [{ $match: {} }, { $out: 'order' }] },
      { collection: 'customer', pipeline: [{ $merge: { into: 'order' } }] },
      { collection: 'customer', pipeline: [{ $out: { db: 'shop', coll: 'made' } }] },
      { collection: 'customer', pipeline: [{ $facet: { a: [{ $out: 'order' }] } }] },
      { collection: 'customer', find: {}, update: {} },
      { insert: 'customer', documents: [{ _id: 9 }] },
      { collection: 'customer', drop: 1 },
      { collection: '$cmd', find: { drop: 'customer' } },
    ].map((statement) => JSON.stringify(statement));
    const named = corpus
      .filter((sql) => sql.startsWith('['))
      .map((sql) => `{"collection": "customer", "pipeline": ${sql}}`);
    for (const statement of [...corpus, ...named, ...writes]) {
      await run(statement, { limits: { timeoutMs: 2_000, rows: 100 } }).catch(() => undefined);
    }
    await expect(run(writes[0] ?? '')).rejects.toMatchObject({ code: 'NOT_READ_ONLY' });
    expect(await fixture.contents()).toBe(before);
  }, 60_000);

  it('describes fields by looking at documents: paths, types, what may be missing, keys', async () => {
    const schema = DatabaseSchema.parse(await wholeSchema(fixture.connector, { signal: never }));
    const table = (name: string) => schema.tables.find((candidate) => candidate.name === name);
    const columns = (name: string) =>
      table(name)?.columns.map((column) => [column.name, column.type, column.kind, column.nullable]);
    expect(schema.dialect).toBe('mongodb');
    expect(table('customer')).toMatchObject({
      ...{ schema: null, kind: 'table', primaryKey: ['_id'], uniqueKeys: [['email']], rowEstimate: 3, readable: true },
    });
    expect(columns('customer')).toEqual([
      ['_id', 'int', 'integer', false],
      ['name', 'string', 'text', false],
      ['email', 'string', 'text', false],
      ['note', 'string', 'text', true],
      ['address', 'object', 'json', true],
      ['address.city', 'string', 'text', true],
      ['address.zip', 'string', 'text', true],
      ['tags', 'array<string>', 'json', true],
    ]);
    expect(columns('order')?.map(([name, type]) => [name, type])).toEqual([
      ['_id', 'int'],
      ['customer_id', 'int'],
      ['total', 'decimal'],
      ['placed_at', 'date'],
      ['items', 'array<object>'],
      ['items.sku', 'string'],
      ['items.price', 'double'],
      ['card', 'object'],
      ['card.number', 'string'],
      ['card.holder', 'object'],
      ['card.holder.name', 'string'],
    ]);
    expect(table('buyer')).toMatchObject({ kind: 'view', primaryKey: [], rowEstimate: null });
    expect(columns('buyer')?.map(([name]) => name)).toEqual(expect.arrayContaining(['_id', 'Called', 'email']));
  });

  it('finds texts in the data, whatever their case, also inside of documents and arrays', async () => {
    const texts = ['ana ünal', 'GERMANY', " bob o'brien ", '陳大文 🦆', 'bonn', 'b-2', 'nobody', '.*', ''];
    const found = await fixture.connector.findValues({ texts, skip: () => false, signal: never });
    const hits = found.map(({ text, table, column, value }) => [text, `${table}.${column}`, value].join(': '));
    expect(new Set(hits.filter((hit) => /: (customer|order)\./.test(hit)))).toEqual(
      new Set([
        'ana ünal: customer.name: Ana Ünal',
        'ana ünal: order.card.holder.name: Ana Ünal',
        'GERMANY: customer.note: Germany',
        " bob o'brien : customer.name: Bob O'Brien",
        '陳大文 🦆: customer.name: 陳大文 🦆',
        'bonn: customer.address.city: Bonn',
        'b-2: order.items.sku: B-2',
      ]),
    );
    const skip = ({ name }: { readonly name: string }, column: string) => name !== 'customer' || column === 'name';
    const kept = await fixture.connector.findValues({ texts: ['ana ünal', 'germany'], skip, signal: never });
    expect(kept.map(({ column }) => column)).toEqual(['note']);
    expect(await fixture.connector.findValues({ texts: [], skip: () => false, signal: never })).toEqual([]);
  });

  it('looks for texts no longer than it may, also where the fields are not known yet', async () => {
    const fresh = await openConnector(parseDatabaseUrl(fixture.url));
    try {
      const find = () => fresh.findValues({ texts: ['bonn'], skip: () => false, signal: never });
      const since = performance.now();
      await find();
      expect(performance.now() - since).toBeLessThan(3_500);
      await until(async () => (await find()).length > 0, 10_000);
    } finally {
      await fresh.close();
    }
  }, 20_000);

  it('tells what is behind names, through views of views, and leaves out what is not there', async () => {
    const tables = ['buyer_twice', 'nowhere', 'customer'].map((name) => ({ schema: null, name }));
    const [view, table, ...others] = await fixture.connector.relations({ tables, signal: never });
    expect(others).toEqual([]);
    expect(view).toMatchObject({ asked: tables[0], isOpen: true });
    expect(view?.reads).toEqual(
      expect.arrayContaining([
        { schema: null, name: 'buyer', column: 'Called' },
        { schema: null, name: 'customer', column: 'name' },
        { schema: null, name: 'customer', column: 'email' },
      ]),
    );
    expect(table).toMatchObject({ asked: tables[2], name: { schema: null, name: 'customer' }, reads: [] });
    expect(await fixture.connector.relations({ tables: [], signal: never })).toEqual([]);
  });

  it('grades what it could do besides reading, with what to do about it', async () => {
    const posture = Posture.parse(await fixture.connector.posture({ signal: never }));
    expect(posture.findings.length).toBeGreaterThan(0);
    expect(posture.leastPrivilege).toContain('createUser');
    await expect(fixture.connector.posture({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'QUERY_CANCELED',
    });
  });
});
