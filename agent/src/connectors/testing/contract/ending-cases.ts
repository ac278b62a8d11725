import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { MIB } from '#core/protocol/limits.ts';
import type { RowSink } from '../../connector.ts';
import { NO_LIMITS } from '../collect.ts';
import { until } from '../until.ts';
import type { Cases, Context } from './context.ts';

/** How runs end before their time, and what a slow reader does to them. */

const isIdle = ({ fixture }: Context, withinMs = 1_000) => until(async () => (await fixture.running()) === 0, withinMs);
const isBusy = ({ fixture }: Context, withinMs: number) => until(async () => (await fixture.running()) > 0, withinMs);
const isUsable = async ({ fixture, run }: Context) => expect((await run(fixture.statements.one)).rows).toBe(1);

const taking = (chunk: RowSink['chunk'], columns: RowSink['columns'] = () => undefined): RowSink => ({
  columns,
  chunk,
});

export const ENDING_CASES: Cases = {
  async timeout(context) {
    const late = context.run(context.fixture.endless, { limits: { timeoutMs: 300 } });
    await expect(late).rejects.toMatchObject({ code: 'QUERY_TIMEOUT' });
    await isIdle(context);
    await isUsable(context);
  },
  async abort(context) {
    const abort = new AbortController();
    const running = context.run(context.fixture.endless, { signal: abort.signal });
    const outcome = expect(running).rejects.toMatchObject({ code: 'QUERY_CANCELED' });
    await isBusy(context, 5_000);
    const since = performance.now();
    abort.abort();
    await outcome;
    await isIdle(context, 1_000 - (performance.now() - since));
    await isUsable(context);
  },
  async killed(context) {
    const { elsewhere, endless, orphanMs = 0 } = context.fixture;
    if (elsewhere === undefined) throw new Error('It has to run a statement in another process, or say why it cannot.');
    const child = await elsewhere(endless, orphanMs === 0 ? NO_LIMITS.timeoutMs : orphanMs);
    await isBusy(context, 10_000);
    child.kill('SIGKILL');
    await isIdle(context, orphanMs + 1_000);
  },
  async 'sink refuses'(context) {
    const { fixture, unlimited } = context;
    const enough = new Error('enough');
    const throws = () => {
      throw enough;
    };
    for (const sink of [taking(() => Promise.reject(enough)), taking(throws), taking(() => undefined, throws)]) {
      await expect(fixture.connector.run(unlimited(fixture.series(5_000_000)), sink)).rejects.toBe(enough);
    }
    await isIdle(context);
  },
  async 'sink stalls'(context) {
    const { fixture, unlimited } = context;
    const options = { ...unlimited(fixture.series(5_000_000)), limits: { ...NO_LIMITS, timeoutMs: 300 } };
    const stuck = fixture.connector.run(
      options,
      taking(() => new Promise(() => undefined)),
    );
    await expect(stuck).rejects.toMatchObject({ code: 'QUERY_TIMEOUT' });
    await isIdle(context);
    await isUsable(context);
  },
  async memory({ fixture, engine, run, unlimited }) {
    await run(fixture.series(1_000));
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    let [bytes, chunks, peak, open] = [0, 0, 0, 0];
    const sink = taking(async (buffer) => {
      open++;
      expect(open).toBe(1);
      bytes += buffer.length;
      peak = Math.max(peak, process.memoryUsage().rss);
      await (++chunks % 20 === 0 ? delay(1) : new Promise(setImmediate));
      open--;
    });
    expect(await fixture.connector.run(unlimited(fixture.series(200_000, 1_000)), sink)).toEqual({
      ...{ rows: 200_000, truncated: false },
    });
    expect(bytes).toBeGreaterThan(190 * MIB);
    expect(peak - before).toBeLessThan((engine.memoryMib ?? 120) * MIB);
  },
  async 'one at a time'({ fixture, unlimited }) {
    const chunks: Buffer[] = [];
    let open = 0;
    const sink = taking(async (buffer) => {
      open++;
      expect(open).toBe(1);
      await new Promise(setImmediate);
      chunks.push(buffer);
      open--;
    });
    await fixture.connector.run(unlimited(await fixture.wideText(1_000_000)), sink);
    await until(async () => open === 0, 1_000);
    expect(Buffer.concat(chunks).toString()).toBe(`{"type":"row","row":["${'ü'.repeat(1_000_000)}"]}\n`);
  },
};
