import { createSecretKey, randomBytes } from 'node:crypto';
import { BSON } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadGuard } from '#core/guard/load-guard.ts';
import type { Mask, MaskedColumn } from '#core/policy/mask.ts';
import { maskText } from '#core/policy/mask-text.ts';
import { parsePolicy } from '#core/policy/parse-policy.ts';
import type { SchemaTable } from '#core/schema.ts';
import { PolicyGuard } from '../../policy/policy-guard.ts';
import { describeWithin } from '../../policy/restrict-schema.ts';
import { WHOLE_SCHEMA } from '../../schema-filter.ts';
import { collect } from '../testing/collect.ts';
import { type MongodbFixture, SERVER_NAME, startMongodb } from './testing/mongodb-fixture.ts';

const never = new AbortController().signal;
const maskKey = randomBytes(32);
const keyObject = createSecretKey(maskKey);
const shown = (mask: Mask, text: string) => maskText(mask, text, keyObject);

describe(`masks on ${SERVER_NAME}`, () => {
  let fixture: MongodbFixture;

  beforeAll(async () => {
    fixture = await startMongodb();
    const rare = { _id: 900, ssn: '078-05-1120', nested: { deep: [{ ssn: '219-09-9999' }] } };
    const many = Array.from({ length: 900 }, (_, _id) => ({ _id, a: 1 }));
    await fixture.add('person', [...many, rare]);
  });
  afterAll(async () => {
    await fixture.stop();
  });

  /** As an agent with the policy does it. */
  async function run(policy: string, statement: object) {
    const text = JSON.stringify(statement);
    const { connector } = fixture;
    const guard = await loadGuard('mongodb');
    const masks = await new PolicyGuard({ guard, policy: parsePolicy(policy, 'test'), connector }).check(text, never);
    return await collect(connector, text, { masks, maskKey });
  }

  const POLICY = `
    version: 1
    masks:
      - { columns: [customer.email, 'order.card'], show: hash }
      - { columns: [customer.name, '*."card.number"', 'order."items.price"'], show: partial }
      - { columns: ['customer."address.zip"', 'person.ssn', 'person."nested.deep.ssn"'], show: 'null' }`;
  const email = shown('hash', 'ana@example.org');

  it('masks fields of whole documents by their paths, and says so of the columns', async () => {
    const { columns, data } = await run(POLICY, { collection: 'customer', find: { _id: 1 } });
    expect(data).toEqual([[1, shown('partial', 'Ana Ünal'), email, null, '{"city":"Ankara","zip":null}']]);
    expect(columns.map(({ name, type, masked }) => [name, type, masked])).toEqual([
      ['_id', 'int', undefined],
      ['name', 'text', 'partial'],
      ['email', 'text', 'hash'],
      ['note', '', undefined],
      ['address', 'object', undefined],
    ]);
  });

  it('masks fields that a projection picks, and nothing where none is shown', async () => {
    const picked = { collection: 'customer', find: {}, projection: { _id: 0, email: 1 }, sort: { _id: 1 }, limit: 1 };
    expect((await run(POLICY, picked)).data).toEqual([[email]]);
    const project = [{ $match: { _id: 1 } }, { $project: { email: 1, 'address.zip': 1 } }];
    expect((await run(POLICY, { collection: 'customer', pipeline: project })).data).toEqual([
      [1, email, '{"zip":null}'],
    ]);
    const made = [{ $group: { _id: '$note', email: { $sum: 1 } } }, { $sort: { _id: 1 } }, { $limit: 1 }];
    const { columns, data } = await run(POLICY, { collection: 'customer', pipeline: made });
    expect([data, columns[1]]).toEqual([[[null, 1]], { name: 'email', type: 'int', kind: 'integer' }]);
  });

  it('masks inside of arrays, and documents as a whole where the rule is about them', async () => {
    const { data, columns } = await run(POLICY, { collection: 'order', find: { _id: 1 } });
    const index = (name: string) => columns.findIndex((column) => column.name === name);
    expect(data[0]?.[index('items')]).toBe('[{"sku":"A-1","price":"***"},{"sku":"B-2","price":"***"}]');
    expect(data[0]?.[index('card')]).toBe(shown('hash', '{"number":"4111111111111111","holder":{"name":"Ana Ünal"}}'));
    const inside = await run(POLICY, {
      collection: 'order',
      find: { _id: 1 },
      projection: { _id: 0, 'card.number': 1 },
    });
    expect(inside.data).toEqual([[shown('hash', '{"number":"4111111111111111"}')]]);
  });

  it('looks into references for what is to be masked', async () => {
    const reference = new BSON.DBRef('customer', new BSON.ObjectId('65a1b2c3d4e5f60718293a4b'), undefined, {
      ssn: '1',
    });
    await fixture.add('referring', [{ _id: 1, to: reference }]);
    const policy = 'version: 1\nmasks: [{ columns: [\'referring."to.*ssn"\', \'referring."to.ssn"\'], show: hash }]';
    const { data } = await run(policy, { collection: 'referring', find: {} });
    expect(data[0]?.[1]).toContain(`"ssn":"${shown('hash', '1')}"`);
  });

  it('masks what no sample of documents shows, in the last column too', async () => {
    const { columns, data } = await run(POLICY, { collection: 'person', find: {}, sort: { _id: 1 } });
    expect(columns.map(({ name }) => name)).toEqual(['_id', 'a', '_more']);
    expect(data.at(-1)).toEqual([900, null, '{"ssn":null,"nested":{"deep":[{"ssn":null}]}}']);
    const deny = 'version: 1\ncolumns: { deny: [person.ssn] }';
    await expect(run(deny, { collection: 'person', find: {} })).rejects.toMatchObject({ code: 'POLICY_DENIED' });
    await expect(run(deny, { collection: 'person', distinct: 'ssn' })).rejects.toMatchObject({ code: 'POLICY_DENIED' });
    expect((await run(deny, { collection: 'person', find: { _id: 900 }, projection: { a: 1 } })).data).toEqual([
      [900, null],
    ]);
  });

  it.each([
    [{ collection: 'customer', find: { email: 'ana@example.org' }, projection: { name: 1 } }],
    [{ collection: 'customer', find: {}, sort: { email: 1 } }],
    [{ collection: 'customer', distinct: 'email' }],
    [{ collection: 'customer', count: { 'address.zip': '06420' } }],
    [{ collection: 'customer', pipeline: [{ $group: { _id: '$email' } }] }],
    [{ collection: 'customer', pipeline: [{ $project: { x: '$email' } }] }],
    [{ collection: 'customer', pipeline: [{ $addFields: { x: 1 } }] }],
    [{ collection: 'customer', pipeline: [{ $replaceWith: { x: '$$ROOT' } }] }],
    [{ collection: 'customer', pipeline: [{ $project: { address: { $objectToArray: '$address' } } }] }],
    [{ collection: 'order', pipeline: [{ $unwind: '$items' }] }],
    [{ collection: 'person', pipeline: [{ $lookup: { from: 'customer', pipeline: [], as: 'c' } }] }],
    [{ collection: 'person', pipeline: [{ $unionWith: 'customer' }] }],
    [{ collection: 'buyer', find: {} }],
    [{ collection: 'buyer_twice', find: {} }],
  ])('denies what uses a masked field, or shows it under another name: %j', async (statement) => {
    await expect(run(POLICY, statement)).rejects.toMatchObject({ code: 'POLICY_DENIED' });
  });

  it('denies by itself what the policy before it let through', async () => {
    const mask: MaskedColumn = { schema: null, table: 'customer', column: 'email', mask: 'hash', isNamed: false };
    const given: unknown[] = [];
    const sink = {
      columns: (columns: unknown) => given.push(columns),
      chunk: (bytes: Buffer) => void given.push(bytes),
    };
    const limits = { rows: 10, bytes: 10_000, timeoutMs: 5_000 };
    for (const [statement, isNamed] of [
      [{ collection: 'customer', pipeline: [{ $project: { x: '$email' } }] }, false],
      [{ collection: 'customer', pipeline: [{ $addFields: { x: 1 } }] }, false],
      [{ collection: 'customer', find: {}, projection: { name: 1 } }, true],
    ] as const) {
      const options = {
        statement: JSON.stringify(statement),
        limits,
        masks: [{ ...mask, isNamed }],
        maskKey,
        signal: never,
      };
      await expect(fixture.connector.run(options, sink)).rejects.toMatchObject({ code: 'POLICY_DENIED' });
    }
    expect(given).toEqual([]);
  });

  it('takes denied fields out of the schema, with views that read them, and looks for no value there', async () => {
    const policy = parsePolicy('version: 1\ncolumns: { deny: [customer.email] }\ntables: { deny: [order] }', 'test');
    const tables: SchemaTable[] = [];
    const within = { policy, filter: WHOLE_SCHEMA, signal: never };
    await describeWithin(fixture.connector, within, (page) => tables.push(...page.tables));
    expect(tables.map(({ name }) => name)).not.toEqual(expect.arrayContaining(['order']));
    expect(tables.some(({ name }) => name.startsWith('buyer'))).toBe(false);
    const customer = tables.find(({ name }) => name === 'customer');
    expect(customer?.columns.map(({ name }) => name)).not.toContain('email');
    expect(customer?.uniqueKeys).toEqual([]);
  });
});
