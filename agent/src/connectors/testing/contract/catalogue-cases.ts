import { expect } from 'vitest';
import { Posture } from '#core/posture.ts';
import { DatabaseSchema, type SchemaTable } from '#core/schema.ts';
import type { DescribeOptions, SchemaPage } from '../../connector.ts';
import { wholeSchema } from '../../whole-schema.ts';
import { type Cases, type Context, never } from './context.ts';

const SQL_COLUMNS = [
  ['id', 'integer', false],
  ['name', 'text', false],
  ['email', 'text', true],
  ['note', 'text', true],
] as const;

const aborted = { code: 'QUERY_CANCELED' };

async function described({ fixture, cased }: Context): Promise<(name: string) => SchemaTable | undefined> {
  const { tables } = DatabaseSchema.parse(await wholeSchema(fixture.connector, { signal: never }));
  return (name) => tables.find((table) => table.name === cased(name));
}

const names = ({ fixture, cased }: Context) => [
  { schema: null, name: cased('buyer') },
  { schema: null, name: 'nowhere' },
  { schema: 'nowhere', name: cased('customer') },
  { schema: fixture.schema, name: cased('customer') },
];

export const CATALOGUE_CASES: Cases = {
  async describe(context) {
    const { fixture, engine, cased } = context;
    const table = await described(context);
    const columns = fixture.described ?? SQL_COLUMNS;
    expect(table('customer')).toMatchObject({ kind: 'table', readable: true });
    const found = table('customer')?.columns.map(({ name, kind, nullable }) => [name, kind, nullable]);
    expect(found).toEqual(columns.map(([name, kind, nullable]) => [cased(name), kind, nullable]));
    const kinds = table('order')?.columns.map(({ kind }) => kind);
    expect(kinds).toEqual(['integer', 'integer', ...(fixture.orderKinds ?? ['decimal', 'timestamp'])]);
    expect(fixture.connector.dialect).toBe(engine.dialect);
  },
  async 'describe pages'({ fixture, cased, run }) {
    const { connector, schema } = fixture;
    const read = async (options: Partial<DescribeOptions> = {}) => {
      const pages: SchemaPage[] = [];
      await connector.describe({ signal: never, ...options }, (page) => void pages.push(page));
      return pages;
    };
    const [first, ...others] = await read();
    for (const { version, defaultSchemas } of others) {
      expect({ version, defaultSchemas }).toEqual({ version: first?.version, defaultSchemas: first?.defaultSchemas });
    }
    const tables = [first, ...others].flatMap((page) => page?.tables ?? []);
    const found = tables.map((table) => JSON.stringify([table.schema, table.name]));
    expect(new Set(found).size).toBe(found.length);
    expect(found).toContain(JSON.stringify([schema, cased('customer')]));
    if (schema !== null) {
      const narrowed = (await read({ schemas: [schema] })).flatMap((page) => page.tables);
      expect(narrowed.map((table) => table.name)).toContain(cased('customer'));
      expect(new Set(narrowed.map((table) => table.schema))).toEqual(new Set([schema]));
      expect((await read({ schemas: ['nowhere'] })).map((page) => page.tables)).toEqual([[]]);
    }
    const enough = new Error('enough');
    const stopped = connector.describe({ signal: never }, () => {
      throw enough;
    });
    await expect(stopped).rejects.toBe(enough);
    await expect(read({ signal: AbortSignal.abort() })).rejects.toMatchObject(aborted);
    expect((await run(fixture.statements.one)).rows).toBe(1);
  },
  async views(context) {
    const table = await described(context);
    expect(table('big_spender')).toMatchObject({ kind: 'view', primaryKey: [], rowEstimate: null });
  },
  async keys(context) {
    const { fixture, cased } = context;
    const table = await described(context);
    const [[id] = ['id']] = fixture.described ?? SQL_COLUMNS;
    expect(table('customer')).toMatchObject({ primaryKey: [cased(id)], uniqueKeys: [[cased('email')]] });
  },
  async 'foreign keys'(context) {
    const { cased } = context;
    const table = await described(context);
    const references = { schema: table('customer')?.schema ?? null, table: cased('customer'), columns: [cased('id')] };
    expect(table('order')?.foreignKeys).toEqual([{ columns: [cased('customer_id')], references }]);
  },
  async posture({ fixture, run }) {
    const posture = Posture.parse(await fixture.connector.posture({ signal: never }));
    const severities = posture.findings.map(({ severity }) => severity);
    const expected = severities.includes('bad') ? 'bad' : severities.includes('warn') ? 'acceptable' : 'good';
    expect(posture.grade).toBe(expected);
    const order = 'bad warn info';
    expect(severities).toEqual(severities.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)));
    expect(posture.leastPrivilege).toMatch(/\n$/);
    expect((await run(fixture.statements.one)).rows).toBe(1);
    await expect(fixture.connector.posture({ signal: AbortSignal.abort() })).rejects.toMatchObject(aborted);
  },
  async 'find values'({ fixture, cased }) {
    const texts = ['ana ünal', 'GERMANY', " bob o'brien ", '陳大文 🦆', 'nobody', '%', ''];
    const found = await fixture.connector.findValues({ texts, skip: () => false, signal: never });
    const hits = found
      .filter(({ table }) => table === cased('customer'))
      .map(({ text, column, value }) => [text, column, value]);
    const wanted = [
      ['ana ünal', cased('name'), 'Ana Ünal'],
      ['GERMANY', cased('note'), 'Germany'],
      [" bob o'brien ", cased('name'), "Bob O'Brien"],
      ['陳大文 🦆', cased('name'), '陳大文 🦆'],
    ];
    expect(hits).toEqual(expect.arrayContaining(wanted));
    expect(hits).toHaveLength(4);
    expect(await fixture.connector.findValues({ texts: [], skip: () => false, signal: never })).toEqual([]);
  },
  async 'find nothing hidden'({ fixture, cased }) {
    const texts = ['ana ünal', 'germany'];
    const asked: unknown[] = [];
    const skip = (table: { schema: string | null; name: string }, column: string) => {
      asked.push([table.schema, table.name, column]);
      return table.name === cased('customer') && column === cased('name');
    };
    const found = await fixture.connector.findValues({ texts, skip, signal: never });
    expect(found.map(({ table, column, value }) => [table, column, value])).toEqual([
      [cased('customer'), cased('note'), 'Germany'],
    ]);
    expect(asked).toContainEqual([fixture.schema, cased('customer'), cased('name')]);
    expect(await fixture.connector.findValues({ texts, skip: () => true, signal: never })).toEqual([]);
  },
  async relations(context) {
    const { fixture, cased } = context;
    const [, ...tables] = names(context);
    const [table, ...others] = await fixture.connector.relations({ tables, signal: never });
    expect(others).toEqual([]);
    const customer = { schema: fixture.schema, name: cased('customer') };
    expect(table).toMatchObject({ asked: tables.at(-1), name: customer, parents: [], reads: [] });
    expect(await fixture.connector.relations({ tables: [], signal: never })).toEqual([]);
    const signal = AbortSignal.abort();
    await expect(fixture.connector.relations({ tables, signal })).rejects.toMatchObject(aborted);
  },
  async 'relations of views'(context) {
    const { fixture, cased } = context;
    const { schema } = fixture;
    const [asked = { schema: null, name: '' }] = names(context);
    const [view] = await fixture.connector.relations({ tables: [asked], signal: never });
    expect(view).toMatchObject({ asked, name: { schema, name: cased('buyer') }, parents: [] });
    const read = { schema, name: cased('customer'), column: cased('name') };
    expect(view?.reads).toEqual(expect.arrayContaining([read]));
  },
  async 'columns of relations'(context) {
    const { engine, fixture, cased } = context;
    const [ofView, , , ofTable] = names(context);
    const asked = [ofView, ofTable].filter((one) => one !== undefined);
    const relations = await fixture.connector.relations({ tables: asked, signal: never });
    const table = relations.find(({ name }) => name.name === cased('customer'));
    expect(table?.columns.map(({ name }) => name)).toEqual(['id', 'name', 'email', 'note'].map(cased));
    if (engine.absent?.['relations of views'] !== undefined) return;
    const view = relations.find(({ name }) => name.name === cased('buyer'));
    expect(view?.columns.map(({ name }) => name)).toEqual([cased('number'), 'Called', 'Length']);
    expect(view?.reads).toEqual(
      ['id', 'name'].map((column) => ({ schema: fixture.schema, name: cased('customer'), column: cased(column) })),
    );
  },
  async 'hundreds of relations'({ fixture, cased }) {
    const { schema } = fixture;
    const tables = Array.from({ length: 300 }, (_, index) => ({
      schema,
      name: cased(index % 2 ? 'supplier' : 'customer'),
    }));
    const relations = await fixture.connector.relations({ tables, signal: never });
    expect(relations.map(({ asked, name }) => [asked.name, name.name])).toEqual(tables.map(({ name }) => [name, name]));
  },
};
