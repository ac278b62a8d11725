import { createSecretKey, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Mask, type MaskedColumn } from '#core/policy/mask.ts';
import { maskText } from '#core/policy/mask-text.ts';
import { CHUNK_BYTES } from '#core/protocol/limits.ts';
import { collect, NO_LIMITS } from './testing/collect.ts';
import { duckdbEngine } from './testing/duckdb-engine.ts';
import { CUSTOMERS, type Fixture } from './testing/engine.ts';
import { MASKED_VALUES } from './testing/masked-values.ts';
import { mariadbEngine, mysqlEngines } from './testing/mysql-engines.ts';
import { postgresEngines } from './testing/postgres-engine.ts';
import { sqliteEngine } from './testing/sqlite-engine.ts';

const ENGINES = [...postgresEngines(), sqliteEngine, duckdbEngine, mariadbEngine, ...mysqlEngines()];
const never = new AbortController().signal;
const maskKey = randomBytes(32);
const keyObject = createSecretKey(maskKey);
const shown = (mask: Mask, text: string | null) => (text === null ? null : maskText(mask, text, keyObject));

for (const engine of ENGINES) {
  describe(`masks on ${[engine.name, engine.label].filter(Boolean).join(' ')}`, () => {
    const values = MASKED_VALUES[engine.name] ?? [];
    let fixture: Fixture;
    let schema: string | null;

    beforeAll(async () => {
      fixture = await engine.start();
      schema = fixture.schema;
      await fixture.execute(`
        CREATE TABLE valued (${values.map(({ type }, index) => `c${index} ${type}`).join(', ')});
        INSERT INTO valued VALUES (${values.map(({ sql }) => sql).join(', ')});
        CREATE TABLE "Wide One" (id integer PRIMARY KEY, "Größe ""x""" text, plain text);
        CREATE TABLE supplier (id integer PRIMARY KEY, name text);
        INSERT INTO supplier VALUES (1, 'Supplies'), (2, NULL);
        CREATE VIEW buyer AS SELECT id AS number, name AS "Called", length(name) AS "long" FROM customer`);
    });
    afterAll(async () => {
      await fixture.stop();
    });

    const mask = (table: string, column: string, options: Partial<MaskedColumn> = {}): MaskedColumn => ({
      schema,
      table,
      column,
      mask: 'hash',
      isNamed: false,
      ...options,
    });
    const named = (table: string, column: string, how: Mask = 'hash') =>
      mask(table, column, { mask: how, isNamed: true });
    const run = (sql: string, masks: readonly MaskedColumn[], options: Parameters<typeof collect>[2] = {}) =>
      collect(fixture.connector, sql, { ...options, masks, maskKey });
    const quoted = (sql: string) => fixture.quoted?.(sql) ?? sql;
    const name = (index: number, how: Mask = 'hash') => shown(how, CUSTOMERS[index]?.[1] ?? null);

    it.each(Mask.options)('%s: a value of every type is masked by its text, and NULL stays NULL', async (how) => {
      const plain = await run('SELECT * FROM valued', []);
      expect(plain.data[0]?.map((cell) => (cell === null ? null : String(cell)))).toEqual(
        values.map(({ text }) => text),
      );
      const masks = values.map((_, index) => mask('valued', `c${index}`, { mask: how }));
      const { data, columns } = await run('SELECT * FROM valued', masks);
      expect(data).toEqual([values.map(({ text }) => shown(how, text))]);
      expect(columns).toEqual(
        plain.columns.map((column) =>
          how === 'null' ? { ...column, masked: how } : { name: column.name, type: 'text', kind: 'text', masked: how },
        ),
      );
    });

    it('finds the column wherever the result has it, under whatever name, and leaves the others as they are', async () => {
      const { data, columns } = await run(
        'SELECT note, name, id AS name, c.name AS x, name FROM customer AS c ORDER BY id LIMIT 2',
        [named('customer', 'name')],
      );
      expect(data.map((row) => row.map((cell) => (typeof cell === 'number' ? String(cell) : cell)))).toEqual([
        [null, name(0), '1', name(0), name(0)],
        ['', name(1), '2', name(1), name(1)],
      ]);
      expect(columns.map(({ masked }) => masked)).toEqual([undefined, 'hash', undefined, 'hash', 'hash']);
      expect(Object.keys(columns[0] ?? {})).toEqual(['name', 'type', 'kind']);
    });

    it('masks what a star shows, and each table of a join by itself', async () => {
      const masks = [mask('customer', 'name'), mask('customer', 'email', { mask: 'null' })];
      const all = await run("SELECT *, 'one' AS one FROM customer ORDER BY id LIMIT 1", masks);
      expect(all.data).toEqual([[expect.anything(), name(0), null, null, 'one']]);
      const joined = await run('SELECT s.*, c.* FROM supplier s JOIN customer c ON c.id = s.id ORDER BY s.id', masks);
      expect(joined.data.map((row) => [row[1], row[3], row[4]])).toEqual([
        ['Supplies', name(0), null],
        [null, name(1), null],
      ]);
      const both = await run(
        'SELECT c.name, s.name FROM customer c LEFT JOIN supplier s ON s.id = c.id ORDER BY c.id',
        [named('supplier', 'name', 'partial'), named('customer', 'name')],
      );
      expect(both.data).toEqual([
        [name(0), 'S***s'],
        [name(1), null],
        [name(2), null],
      ]);
      const twice = await run('SELECT a.name, b.id FROM customer a CROSS JOIN customer b', [named('customer', 'name')]);
      expect(new Set(twice.data.map(([cell]) => cell))).toEqual(new Set([name(0), name(1), name(2)]));
    });

    it('does nothing to a statement that shows no masked column', async () => {
      const masks = [mask('customer', 'name'), mask('customer', 'email')];
      expect((await run('SELECT count(*) FROM customer', masks)).data.flat().map(Number)).toEqual([3]);
      const { data, columns } = await run('SELECT note FROM customer ORDER BY id', masks);
      expect(data).toEqual(CUSTOMERS.map(([, , , note]) => [note]));
      expect(columns[0]).not.toHaveProperty('masked');
    });

    it('describes the columns of an empty result', async () => {
      const { data, columns } = await run('SELECT id, name FROM customer WHERE id < 0', [named('customer', 'name')]);
      expect(data).toEqual([]);
      expect(columns[1]).toEqual({ name: 'name', type: 'text', kind: 'text', masked: 'hash' });
    });

    it('takes names as the catalogue has them', async () => {
      await fixture.execute(`INSERT INTO "Wide One" VALUES (0, 'secret', 'open')`);
      const masks = [named('Wide One', 'Größe "x"', 'null')];
      expect((await run(quoted('SELECT plain, "Größe ""x""" FROM "Wide One"'), masks)).data).toEqual([['open', null]]);
      await fixture.execute('DELETE FROM "Wide One"');
    });

    it('masks large values, and rows of many chunks', async () => {
      const digits = Array.from({ length: 20_000 }, (_, index) => String(index)).join('');
      await fixture.execute(
        `INSERT INTO "Wide One" VALUES (1, '${digits}', '${digits}ü'), (2, 'ü', '${digits}'), (3, '${digits}ü', 'x')`,
      );
      const sql = quoted('SELECT plain, "Größe ""x""" AS masked, plain FROM "Wide One" ORDER BY id');
      for (const how of Mask.options) {
        const { data, chunkSizes } = await run(sql, [named('Wide One', 'Größe "x"', how)]);
        expect(data).toEqual([
          [`${digits}ü`, shown(how, digits), `${digits}ü`],
          [digits, shown(how, 'ü'), digits],
          ['x', shown(how, `${digits}ü`), 'x'],
        ]);
        expect(Math.max(...chunkSizes)).toBeLessThanOrEqual(CHUNK_BYTES);
      }
      const cut = await run(sql, [named('Wide One', 'Größe "x"')], { limits: { rows: 2 } });
      expect(cut).toMatchObject({ rows: 2, truncated: true });
    });

    it('shows nothing at all when a column that is named does not come back as itself', async () => {
      const shownNowhere = [
        ['SELECT upper(name) FROM customer', 'customer', 'name'],
        ['SELECT note FROM customer', 'customer', 'name'],
        ['SELECT name FROM supplier WHERE id < 0', 'customer', 'name'],
        ['SELECT name FROM customer UNION ALL SELECT upper(note) FROM customer WHERE id < 0', 'supplier', 'name'],
        ['SELECT id FROM customer', 'customer', 'no_such_column'],
        ['SELECT id FROM customer', 'no_such_table', 'name'],
      ] as const;
      for (const [statement, table, column] of shownNowhere) {
        const given: unknown[] = [];
        const options = { statement, limits: NO_LIMITS, masks: [named(table, column)], maskKey, signal: never };
        const sink = {
          columns: (columns: unknown) => given.push(columns),
          chunk: (bytes: Buffer) => void given.push(bytes),
        };
        await expect(fixture.connector.run(options, sink), statement).rejects.toMatchObject({
          code: 'POLICY_DENIED',
          message: expect.stringContaining(`${table}.${column}`),
        });
        expect(given).toEqual([]);
      }
      await expect(run('SELECT id FROM customer', [mask('customer', 'gone')])).rejects.toMatchObject({
        code: 'POLICY_DENIED',
      });
      expect((await run('SELECT name FROM customer', [named('customer', 'name')])).rows).toBe(3);
    });

    it('masks the columns of a view by their names there', async () => {
      const masks = [mask('buyer', 'Called'), mask('buyer', 'number', { mask: 'null' })];
      const { data } = await run(quoted('SELECT "Called", number FROM buyer'), masks);
      expect(new Map(data.map(([called, number]) => [called, number]))).toEqual(
        new Map([0, 1, 2].map((index) => [name(index), null])),
      );
    });

    it('tells errors of the statement as they are', async () => {
      await expect(run('SELECT missing FROM customer', [mask('customer', 'name')])).rejects.toMatchObject({
        code: 'COLUMN_NOT_FOUND',
      });
      await expect(run('SELECT name FROM nowhere', [mask('customer', 'name')])).rejects.toMatchObject({
        code: 'RELATION_NOT_FOUND',
      });
    });

    it('runs masked statements side by side', async () => {
      const results = await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          run(`SELECT name FROM customer WHERE id = ${(index % 3) + 1}`, [named('customer', 'name')]),
        ),
      );
      expect(results.map(({ data }) => data)).toEqual(results.map((_, index) => [[name(index % 3)]]));
    });

    it('looks for values in no column that is to be skipped', async () => {
      const texts = ['ana ünal', 'germany'];
      const asked: unknown[] = [];
      const skip = (table: { schema: string | null; name: string }, column: string) => {
        asked.push([table.schema, table.name, column]);
        return table.name === 'customer' && column === 'name';
      };
      const found = await fixture.connector.findValues({ texts, skip, signal: never });
      expect(found.map(({ table, column, value }) => [table, column, value])).toEqual([
        ['customer', 'note', 'Germany'],
      ]);
      expect(asked).toContainEqual([schema, 'customer', 'name']);
      expect(await fixture.connector.findValues({ texts, skip: () => true, signal: never })).toEqual([]);
    });

    it('tells what is behind names, and leaves out what is not there', async () => {
      const tables = [
        { schema: null, name: 'buyer' },
        { schema: null, name: 'nowhere' },
        { schema: 'nowhere', name: 'customer' },
        { schema: schema ?? 'main', name: 'customer' },
      ];
      const [view, table, ...others] = await fixture.connector.relations({ tables, signal: never });
      expect(others).toEqual([]);
      expect(view).toEqual({
        asked: tables[0],
        name: { schema, name: 'buyer' },
        parents: [],
        columns: ['number', 'Called', 'long'].map((column) => ({ name: column, aliases: [] })),
        reads: ['id', 'name'].map((column) => ({ schema, name: 'customer', column })),
      });
      expect(table).toMatchObject({ asked: tables[3], name: { schema, name: 'customer' }, parents: [], reads: [] });
      expect(table?.columns.map((column) => column.name)).toEqual(['id', 'name', 'email', 'note']);
      expect(await fixture.connector.relations({ tables: [], signal: never })).toEqual([]);
      await expect(fixture.connector.relations({ tables, signal: AbortSignal.abort() })).rejects.toMatchObject({
        code: 'QUERY_CANCELED',
      });
    });

    it('tells of hundreds of names at once', async () => {
      const tables = Array.from({ length: 300 }, (_, index) => ({ schema, name: index % 2 ? 'buyer' : 'customer' }));
      const relations = await fixture.connector.relations({ tables, signal: never });
      expect(relations.map(({ asked, name: { name: called } }) => [asked.name, called])).toEqual(
        tables.map((table) => [table.name, table.name]),
      );
    });
  });
}
