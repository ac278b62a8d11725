import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Posture } from '#core/posture.ts';
import { CHUNK_BYTES, MAX_ROW_BYTES, MIB } from '#core/protocol/limits.ts';
import { DatabaseSchema } from '#core/schema.ts';
import { collect, NO_LIMITS, NO_MASKS } from './testing/collect.ts';
import { duckdbEngine } from './testing/duckdb-engine.ts';
import { CUSTOMERS, type Fixture } from './testing/engine.ts';
import { mariadbEngine, mysqlEngines } from './testing/mysql-engines.ts';
import { postgresEngines } from './testing/postgres-engine.ts';
import { snowflakeEngine } from './testing/snowflake-engine.ts';
import { sqliteEngine } from './testing/sqlite-engine.ts';
import { until } from './testing/until.ts';
import { wholeSchema } from './whole-schema.ts';

const ENGINES = [...postgresEngines(), snowflakeEngine, sqliteEngine, duckdbEngine, mariadbEngine, ...mysqlEngines()];
const never = new AbortController().signal;

for (const engine of ENGINES) {
  describe(`${[engine.name, engine.label].filter(Boolean).join(' ')} connector`, () => {
    let fixture: Fixture;

    beforeAll(async () => {
      fixture = await engine.start();
    });
    afterAll(async () => {
      await fixture.stop();
    });

    const cased = (name: string) => (engine.foldsUp ? name.toUpperCase() : name);
    const run = (sql: string, options: Parameters<typeof collect>[2] = {}) => collect(fixture.connector, sql, options);
    const quoted = (sql: string) => fixture.quoted?.(sql) ?? sql;

    it('tells the version', async () => {
      const { version } = await fixture.connector.ping({ signal: never });
      expect(version).toMatch(/^\d+\.\d+/);
      expect(fixture.connector.dialect).toBe(engine.name);
    });

    it('gives every value exactly, with the type of its column', async () => {
      for (const { sql, cell, type, kind } of fixture.values) {
        const { columns, data } = await run(`SELECT ${sql}`);
        expect({ sql, data, type: columns[0]?.type, kind: columns[0]?.kind }).toEqual({
          sql,
          data: [[cell]],
          type,
          kind,
        });
      }
    });

    it('gives rows in order, duplicate column names, NULL apart from the empty text', async () => {
      const { columns, data, rows, truncated } = await run('SELECT id, name, note, name FROM customer ORDER BY id');
      expect(columns.map(({ name }) => name)).toEqual(['id', 'name', 'note', 'name'].map(cased));
      expect(data.map((row) => row.slice(1))).toEqual(CUSTOMERS.map(([, name, , note]) => [name, note, name]));
      expect({ rows, truncated }).toEqual({ rows: 3, truncated: false });
    });

    it('announces the columns of an empty result', async () => {
      const { columns, data } = await run('SELECT id, name FROM customer WHERE id < 0');
      expect(columns.map(({ name }) => name)).toEqual(['id', 'name'].map(cased));
      expect(data).toEqual([]);
    });

    it('gives a text larger than a chunk in chunks of at most CHUNK_BYTES', async () => {
      const { data, chunkSizes } = await run(fixture.wideText(200 * 1024));
      expect(data).toEqual([['ü'.repeat(200 * 1024)]]);
      expect(Math.max(...chunkSizes)).toBeLessThanOrEqual(CHUNK_BYTES);
    });

    it('gives a row of nearly MAX_ROW_BYTES, and refuses a larger one', async () => {
      const fits = Math.floor((MAX_ROW_BYTES - 100) / 2);
      expect((await run(fixture.wideText(fits))).data[0]?.[0]).toHaveLength(fits);
      await expect(run(fixture.wideText(fits + 100))).rejects.toMatchObject({ code: 'RESULT_TOO_LARGE' });
      await expect(run(fixture.wideText(fits * 2))).rejects.toMatchObject({ code: 'RESULT_TOO_LARGE' });
      expect((await run('SELECT 1')).rows).toBe(1);
    });

    it('cuts at the row limit and says so only when there was more', async () => {
      expect(await run(fixture.series(10), { limits: { rows: 10 } })).toMatchObject({ rows: 10, truncated: false });
      const cut = await run(fixture.series(1_000_000), { limits: { rows: 11 } });
      expect(cut).toMatchObject({ rows: 11, truncated: true });
      expect(cut.data.map(([n]) => Number(n))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
      await until(async () => (await fixture.running()) === 0, 1_000);
    });

    it('ends with RESULT_TOO_LARGE past the byte limit', async () => {
      const past = run(fixture.series(1_000_000), { limits: { bytes: 100_000 } });
      await expect(past).rejects.toMatchObject({ code: 'RESULT_TOO_LARGE' });
      expect((await run('SELECT 1')).rows).toBe(1);
    });

    it('ends a statement at its time limit, and the next one works', async () => {
      await expect(run(fixture.endless, { limits: { timeoutMs: 300 } })).rejects.toMatchObject({
        code: 'QUERY_TIMEOUT',
      });
      await until(async () => (await fixture.running()) === 0, 1_000);
      expect((await run('SELECT 1')).rows).toBe(1);
    });

    it('reaches the engine when aborted, within a second, and the next statement works', async () => {
      const abort = new AbortController();
      const running = run(fixture.endless, { signal: abort.signal });
      const outcome = expect(running).rejects.toMatchObject({ code: 'QUERY_CANCELED' });
      await until(async () => (await fixture.running()) > 0, 5_000);
      const since = performance.now();
      abort.abort();
      await outcome;
      await until(async () => (await fixture.running()) === 0, 1_000 - (performance.now() - since));
      expect((await run('SELECT 1')).rows).toBe(1);
    });

    it.skipIf(engine.outlivesClient)('leaves nothing running when its own process is killed', async () => {
      const program = fileURLToPath(new URL('./testing/run-forever.ts', import.meta.url));
      const { url, endless, orphanMs = 0 } = fixture;
      const timeoutMs = orphanMs === 0 ? NO_LIMITS.timeoutMs : orphanMs;
      const child = spawn(process.execPath, [program, url, endless, String(timeoutMs)], { stdio: 'inherit' });
      await until(async () => (await fixture.running()) > 0, 10_000);
      child.kill('SIGKILL');
      await until(async () => (await fixture.running()) === 0, orphanMs + 1_000);
    });

    it('refuses to begin for a signal that is aborted already', async () => {
      await expect(run('SELECT 1', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'QUERY_CANCELED' });
    });

    it('stops when the sink wants no more, and rejects with its reason', async () => {
      const enough = new Error('enough');
      const options = { statement: fixture.series(5_000_000), limits: NO_LIMITS, ...NO_MASKS, signal: never };
      const stopped = fixture.connector.run(options, { columns: () => undefined, chunk: () => Promise.reject(enough) });
      await expect(stopped).rejects.toBe(enough);
      const throws = () => {
        throw enough;
      };
      await expect(fixture.connector.run(options, { columns: () => undefined, chunk: throws })).rejects.toBe(enough);
      await expect(fixture.connector.run(options, { columns: throws, chunk: () => undefined })).rejects.toBe(enough);
      await until(async () => (await fixture.running()) === 0, 1_000);
    });

    it('ends a statement whose sink does not take its rows at the time limit', async () => {
      const options = {
        statement: fixture.series(5_000_000),
        limits: { ...NO_LIMITS, timeoutMs: 300 },
        ...NO_MASKS,
        signal: never,
      };
      const stuck = fixture.connector.run(options, {
        columns: () => undefined,
        chunk: () => new Promise(() => undefined),
      });
      await expect(stuck).rejects.toMatchObject({ code: 'QUERY_TIMEOUT' });
      await until(async () => (await fixture.running()) === 0, 1_000);
      expect((await run('SELECT 1')).rows).toBe(1);
    });

    it('streams 200,000 rows to a slow sink in bounded memory, one chunk at a time', async () => {
      await run(fixture.series(1_000));
      globalThis.gc?.();
      const before = process.memoryUsage().rss;
      let [bytes, chunks, peak, open] = [0, 0, 0, 0];
      const chunk = async (buffer: Buffer) => {
        open++;
        expect(open).toBe(1);
        bytes += buffer.length;
        peak = Math.max(peak, process.memoryUsage().rss);
        await (++chunks % 20 === 0 ? delay(1) : new Promise(setImmediate));
        open--;
      };
      const options = { statement: fixture.series(200_000, 1_000), limits: NO_LIMITS, ...NO_MASKS, signal: never };
      expect(await fixture.connector.run(options, { columns: () => undefined, chunk })).toEqual({
        rows: 200_000,
        truncated: false,
      });
      expect(bytes).toBeGreaterThan(190 * MIB);
      expect(peak - before).toBeLessThan((engine.memoryMib ?? 120) * MIB);
    });

    it('hands a row of many chunks to a slow sink one chunk at a time', async () => {
      const chunks: Buffer[] = [];
      let open = 0;
      const chunk = async (buffer: Buffer) => {
        open++;
        expect(open).toBe(1);
        await new Promise(setImmediate);
        chunks.push(buffer);
        open--;
      };
      const options = { statement: fixture.wideText(1_000_000), limits: NO_LIMITS, ...NO_MASKS, signal: never };
      await fixture.connector.run(options, { columns: () => undefined, chunk });
      await until(async () => open === 0, 1_000);
      expect(Buffer.concat(chunks).toString()).toBe(`{"type":"row","row":["${'ü'.repeat(1_000_000)}"]}\n`);
    });

    it('runs statements side by side, each with its own rows', async () => {
      const results = await Promise.all(Array.from({ length: 30 }, (_, index) => run(fixture.series(index + 1))));
      expect(results.map(({ rows }) => rows)).toEqual(results.map((_, index) => index + 1));
    });

    it('refuses every write by the mode of the engine, without a guard', async () => {
      const count = async () =>
        (await run('SELECT id FROM customer')).rows + (await run(quoted('SELECT id FROM "order"'))).rows;
      const before = await count();
      for (const sql of fixture.writes) {
        const outcome = await run(sql).catch((error: unknown) => error);
        expect(outcome, sql).toMatchObject({ code: 'NOT_READ_ONLY' });
      }
      expect(await count()).toBe(before);
      await expect(run('SELECT * FROM made')).rejects.toMatchObject({ code: 'RELATION_NOT_FOUND' });
    });

    it('translates errors, with the place in the statement where the engine tells it', async () => {
      for (const { sql, code, line, column } of fixture.failures) {
        const error: unknown = await run(sql).catch((caught: unknown) => caught);
        const where = line === undefined ? {} : { where: { line, column } };
        expect(error, sql).toMatchObject({ code, details: where });
      }
      expect((await run('SELECT 1')).rows).toBe(1);
    });

    it('describes tables, views, keys and row estimates', async () => {
      const schema = DatabaseSchema.parse(await wholeSchema(fixture.connector, { signal: never }));
      const table = (name: string) => schema.tables.find((candidate) => candidate.name === cased(name));
      expect(table('customer')).toMatchObject({
        kind: 'table',
        primaryKey: [cased('id')],
        uniqueKeys: [[cased('email')]],
        readable: true,
      });
      expect(table('customer')?.columns.map(({ name, kind, nullable }) => [name, kind, nullable])).toEqual([
        [cased('id'), 'integer', false],
        [cased('name'), 'text', false],
        [cased('email'), 'text', true],
        [cased('note'), 'text', true],
      ]);
      const { schema: home = null } = table('customer') ?? {};
      expect(table('order')?.foreignKeys).toEqual([
        {
          columns: [cased('customer_id')],
          references: { schema: home, table: cased('customer'), columns: [cased('id')] },
        },
      ]);
      expect(table('order')?.columns.map(({ kind }) => kind)).toEqual(['integer', 'integer', 'decimal', 'timestamp']);
      expect(table('big_spender')).toMatchObject({ kind: 'view', primaryKey: [], rowEstimate: null });
      expect(schema.dialect).toBe(engine.name);
    });

    it('grades what it could do besides reading, with what to do about it', async () => {
      const posture = Posture.parse(await fixture.connector.posture({ signal: never }));
      const severities = posture.findings.map(({ severity }) => severity);
      const expected = severities.includes('bad') ? 'bad' : severities.includes('warn') ? 'acceptable' : 'good';
      expect(posture.grade).toBe(expected);
      expect(severities).toEqual(
        severities.toSorted((a, b) => 'bad warn info'.indexOf(a) - 'bad warn info'.indexOf(b)),
      );
      expect(posture.leastPrivilege).toMatch(/\n$/);
      expect((await run('SELECT 1')).rows).toBe(1);
      await expect(fixture.connector.posture({ signal: AbortSignal.abort() })).rejects.toMatchObject({
        code: 'QUERY_CANCELED',
      });
    });

    it('finds literals in the data, whatever their case', async () => {
      const texts = ['ana ünal', 'GERMANY', " bob o'brien ", '陳大文 🦆', 'nobody', '%', ''];
      const found = await fixture.connector.findValues({ texts, skip: () => false, signal: never });
      const hits = found
        .filter(({ table }) => table === cased('customer'))
        .map(({ text, column, value }) => [text, column, value]);
      expect(hits).toEqual(
        expect.arrayContaining([
          ['ana ünal', cased('name'), 'Ana Ünal'],
          ['GERMANY', cased('note'), 'Germany'],
          [" bob o'brien ", cased('name'), "Bob O'Brien"],
          ['陳大文 🦆', cased('name'), '陳大文 🦆'],
        ]),
      );
      expect(hits).toHaveLength(4);
      expect(await fixture.connector.findValues({ texts: [], skip: () => false, signal: never })).toEqual([]);
    });
  });
}
