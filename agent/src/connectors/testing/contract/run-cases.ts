import { expect } from 'vitest';
import { CHUNK_BYTES, MAX_ROW_BYTES } from '#core/protocol/limits.ts';
import { CUSTOMERS } from '../engine.ts';
import { until } from '../until.ts';
import { type Cases, type Context, never } from './context.ts';

const isIdle = ({ fixture }: Context) => until(async () => (await fixture.running()) === 0, 1_000);
const isUsable = async ({ fixture, run }: Context) => expect((await run(fixture.statements.one)).rows).toBe(1);

/** Longest that a row of one text of `ü` is within the limit. */
const FITS = Math.floor((MAX_ROW_BYTES - 100) / 2);

export const RUN_CASES: Cases = {
  async values({ fixture, run }) {
    for (const { sql, cell, type, kind } of fixture.values) {
      const { columns, data } = await run(fixture.statements.value(sql));
      const [column] = columns;
      expect({ sql, data, type: column?.type, kind: column?.kind }).toEqual({ sql, data: [[cell]], type, kind });
    }
  },
  async rows({ fixture, run }) {
    const { columns, data, rows, truncated } = await run(fixture.statements.customers);
    expect(columns.slice(1).map(({ name }) => name.toLowerCase())).toEqual(['name', 'note']);
    expect(data.map((row) => row.slice(1))).toEqual(CUSTOMERS.map(([, name, , note]) => [name, note]));
    expect(data.map(([id]) => Number(id))).toEqual([1, 2, 3]);
    expect({ rows, truncated }).toEqual({ rows: 3, truncated: false });
  },
  async 'same names'({ fixture, run, cased }) {
    const { columns, data } = await run(fixture.statements.twice ?? '');
    expect(columns.map(({ name }) => name)).toEqual(['name', 'id', 'name'].map(cased));
    expect(data.map(([first, , last]) => [first, last])).toEqual(CUSTOMERS.map(([, name]) => [name, name]));
  },
  async 'empty result'({ fixture, run }) {
    const { columns, data } = await run(fixture.statements.noCustomers);
    expect(columns.map(({ name }) => name.toLowerCase())).toEqual([expect.stringMatching(/^_?id$/), 'name']);
    expect(data).toEqual([]);
  },
  async chunks({ fixture, run }) {
    const { data, chunkSizes } = await run(await fixture.wideText(200 * 1024));
    expect(data).toEqual([['ü'.repeat(200 * 1024)]]);
    expect(Math.max(...chunkSizes)).toBeLessThanOrEqual(CHUNK_BYTES);
  },
  async 'row limit of bytes'(context) {
    const { fixture, run } = context;
    expect((await run(await fixture.wideText(FITS))).data[0]?.[0]).toHaveLength(FITS);
    const tooWide = (await fixture.tooWide?.()) ?? [
      await fixture.wideText(FITS + 100),
      await fixture.wideText(FITS * 2),
    ];
    for (const statement of tooWide) await expect(run(statement)).rejects.toMatchObject({ code: 'RESULT_TOO_LARGE' });
    await isUsable(context);
  },
  async truncated(context) {
    const { fixture, run } = context;
    expect(await run(fixture.series(10), { limits: { rows: 10 } })).toMatchObject({ rows: 10, truncated: false });
    const cut = await run(fixture.series(1_000_000), { limits: { rows: 11 } });
    expect(cut).toMatchObject({ rows: 11, truncated: true });
    expect(cut.data.map(([n]) => Number(n))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    await isIdle(context);
  },
  async 'byte limit'(context) {
    const past = context.run(context.fixture.series(1_000_000), { limits: { bytes: 100_000 } });
    await expect(past).rejects.toMatchObject({ code: 'RESULT_TOO_LARGE' });
    await isUsable(context);
  },
  async 'many at once'({ fixture, run }) {
    const lengths = Array.from({ length: 200 }, (_, index) => (index % 40) + 1);
    const results = await Promise.all(lengths.map((length) => run(fixture.series(length))));
    expect(results.map(({ rows }) => rows)).toEqual(lengths);
    expect(results.map(({ data }) => Number(data.at(-1)?.[0]))).toEqual(lengths);
  },
  async writes({ fixture, run }) {
    const { customers, orders, made } = fixture.statements;
    const count = async () => (await run(customers)).rows + (await run(orders)).rows;
    const before = await count();
    for (const sql of fixture.writes) {
      const outcome = await run(sql).catch((error: unknown) => error);
      expect(outcome, sql).toMatchObject({ code: 'NOT_READ_ONLY' });
    }
    expect(await count()).toBe(before);
    await expect(run(made)).rejects.toMatchObject({ code: 'RELATION_NOT_FOUND' });
  },
  async errors(context) {
    for (const { sql, code, line, column } of context.fixture.failures) {
      const error: unknown = await context.run(sql).catch((caught: unknown) => caught);
      const where = line === undefined ? {} : { where: { line, column } };
      expect(error, sql).toMatchObject({ code, details: where });
    }
    await isUsable(context);
  },
  async 'aborted before'({ fixture, run }) {
    const aborted = run(fixture.statements.one, { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ code: 'QUERY_CANCELED' });
  },
  async explain(context) {
    const { fixture, cased, run } = context;
    const { planned, noTable } = fixture.statements;
    const { explain } = fixture.connector;
    if (explain === undefined) throw new Error('It explains nothing, and does not say why.');
    const plan = (statement: string, signal = never) =>
      explain.call(fixture.connector, { statement, timeoutMs: 10_000, signal });
    const { scans } = await plan(planned.all);
    expect(scans).toMatchObject([{ table: { name: cased('customer') }, access: 'full' }]);
    expect((await plan(planned.one)).scans).toMatchObject([{ table: { name: cased('customer') } }]);
    // It would never end.
    await plan(fixture.endless);
    await isIdle(context);
    const unknown = await plan(noTable).then(
      ({ scans: none }) => none,
      ({ code }) => code,
    );
    expect([[], 'RELATION_NOT_FOUND']).toContainEqual(unknown);
    for (const write of fixture.writes) await plan(write).catch(() => undefined);
    expect((await run(fixture.statements.customers)).rows).toBe(3);
    await expect(plan(planned.all, AbortSignal.abort())).rejects.toMatchObject({ code: 'QUERY_CANCELED' });
  },
};
