import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CustardError } from '#core/errors.ts';
import type { DatabaseSchema, SchemaTable } from '#core/schema.ts';
import { fingerprint } from '#core/schema-fingerprint.ts';
import { openDatabase } from '../../db/database.ts';
import { SHOP } from '../../test-support/shop-schema.ts';
import {
  type MetadataDatabase,
  metadataDatabase,
  readBody,
  startTestServer,
  type TestServer,
} from '../../test-support/test-server.ts';

describe('refreshing a schema', () => {
  let metadata: MetadataDatabase;
  let server: TestServer;
  let id: string;
  let asked: number;
  beforeEach(async () => {
    metadata = await metadataDatabase('sqlite');
    server = await startTestServer(metadata.url);
    id = await server.createConnection();
    asked = 0;
    nowIs(SHOP);
  });
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
    await metadata[Symbol.asyncDispose]();
  });

  function nowIs(schema: DatabaseSchema): void {
    server.gateway.onDescribe = async () => {
      asked++;
      return schema;
    };
  }
  const refresh = async () => await readBody(await server.request('POST', `/api/v1/connections/${id}/refresh-schema`));
  const withTables = (change: (tables: SchemaTable[]) => SchemaTable[]): DatabaseSchema => ({
    ...SHOP,
    tables: change(structuredClone(SHOP.tables)),
  });
  const none = { count: 0, tables: [] };

  it('the first time compares with nothing', async () => {
    expect(await refresh()).toMatchObject({ changes: null, table_count: 2, fingerprint: fingerprint(SHOP) });
  });

  it('says which tables came and went', async () => {
    await refresh();
    nowIs(
      withTables(([customers, orders]) => [
        ...(customers ? [{ ...customers, name: 'clients' }] : []),
        ...(orders ? [orders] : []),
      ]),
    );
    expect(await refresh()).toMatchObject({
      changes: {
        added: { count: 1, tables: ['public.clients'] },
        removed: { count: 1, tables: ['public.customers'] },
        changed: none,
      },
    });
  });

  it('says what changed of a table, row estimates aside', async () => {
    await refresh();
    nowIs(
      withTables(
        (tables) =>
          tables.map((table) => ({
            ...table,
            rowEstimate: 7,
            ...(table.name !== 'customers'
              ? {}
              : {
                  readable: false,
                  columns: [{ ...table.columns[1], type: 'varchar(9)', nullable: false }, ...table.columns.slice(0, 1)],
                }),
          })) as SchemaTable[],
      ),
    );
    const { changes } = await refresh();
    expect(changes).toMatchObject({ added: none, removed: none });
    expect(changes.changed.tables).toEqual([
      {
        table: 'public.customers',
        changes: ['column name: text is now varchar(9)', 'column name is never null now', 'may no longer be read'],
      },
    ]);
    expect((await refresh()).changes.changed).toEqual(none);
  });

  it('twice at once asks the agent once', async () => {
    const reading = Promise.withResolvers<DatabaseSchema>();
    server.gateway.onDescribe = () => {
      asked++;
      return reading.promise;
    };
    const both = Promise.all([refresh(), refresh()]);
    for (let turn = 0; turn < 5; turn++) await server.request('GET', '/api/v1/connections'); // they are under way by then
    reading.resolve(SHOP);
    const [first, second] = await both;
    expect(second).toEqual(first);
    expect(asked).toBe(1);
  });

  it('happens by itself after a statement that names what is not there, when the schema is not just read', async () => {
    await storedSince(Date.now() - 120_000);
    server.gateway.onRun = () => {
      throw new CustardError('RELATION_NOT_FOUND', 'There is no table "clients".');
    };
    const failed = await server.query({ connection_id: 'shop', sql: 'SELECT * FROM clients' });
    expect(failed.body).toMatchObject({ error: { code: 'RELATION_NOT_FOUND' } });
    await server.query({ connection_id: 'shop', sql: 'SELECT * FROM clients' });
    expect(asked).toBe(1);
  });

  it('happens by itself when what is asked of is old, and nobody waits for it', async () => {
    await storedSince(Date.now() - 2 * 3_600_000);
    const reading = Promise.withResolvers<DatabaseSchema>();
    server.gateway.onDescribe = () => {
      asked++;
      return reading.promise;
    };
    const answer = await server.request('GET', '/api/v1/connections/shop/schema');
    expect([answer.status, asked]).toEqual([200, 1]);
    reading.resolve(SHOP);
  });

  it('is not tried again and again while no agent is there', async () => {
    await storedSince(Date.now() - 2 * 3_600_000);
    server.gateway.online = false;
    expect((await server.request('GET', '/api/v1/connections/shop/schema')).status).toBe(200);
    expect(asked).toBe(0);
  });

  it('makes a question about what may not be read say so', async () => {
    nowIs(withTables((tables) => tables.map((table) => ({ ...table, readable: table.name !== 'orders' }))));
    const { status, body } = await server.query({ connection_id: 'shop', question: 'how many orders are there?' });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      error: {
        code: 'UNSURE',
        message: expect.stringContaining('The database role has no right to read public.orders.'),
      },
    });
  });

  async function storedSince(time: number): Promise<void> {
    const { knex, close } = await openDatabase(metadata.url);
    const at = { refreshed_at: new Date(time).toISOString(), created_at: '', updated_at: '' };
    const stored = { organization_id: 'org_default', fingerprint: fingerprint(SHOP), table_count: 2, ...at };
    await knex('schema_cache').insert({ connection_id: id, schema: JSON.stringify(SHOP), ...stored });
    await close();
  }
});
