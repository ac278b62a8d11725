import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TurnQueue } from './turn-queue.ts';

const HOUR = 3_600_000;
const never = new AbortController().signal;

const queueOf = (options: { turns?: number; waiting?: number; waitMs?: number }) =>
  new TurnQueue({ turns: 1, waiting: 100, waitMs: HOUR, things: 'statements', hint: 'Wait.', ...options });

describe('TurnQueue', () => {
  it('says how busy it is when it is full, and when the wait was too long', async () => {
    const queue = queueOf({ turns: 2, waiting: 1, waitMs: 20 });
    using _first = await queue.enter({ signal: never, withinMs: HOUR });
    using _second = await queue.enter({ signal: never, withinMs: HOUR });
    const third = queue.enter({ signal: never, withinMs: HOUR });
    await expect(queue.enter({ signal: never, withinMs: HOUR })).rejects.toMatchObject({
      code: 'AGENT_BUSY',
      message: 'The agent is busy: 2 statements running, 1 waiting, and no more may wait.',
      hint: 'Wait.',
    });
    await expect(third).rejects.toMatchObject({
      code: 'AGENT_BUSY',
      message: 'The agent is busy: no turn came within 0.02 s (2 statements running, 0 more waiting).',
    });
    expect([queue.running, queue.waiting]).toEqual([2, 0]);
  });

  it('lets whoever is aborted leave at once', async () => {
    const queue = queueOf({});
    const turn = await queue.enter({ signal: never, withinMs: HOUR });
    const abort = new AbortController();
    const waiting = queue.enter({ signal: abort.signal, withinMs: HOUR });
    const gone = new Error('gone');
    abort.abort(gone);
    await expect(waiting).rejects.toBe(gone);
    expect(queue.waiting).toBe(0);
    await expect(queue.enter({ signal: abort.signal, withinMs: HOUR })).rejects.toBe(gone);
    turn[Symbol.dispose]();
    turn[Symbol.dispose]();
    expect(queue.running).toBe(0);
  });

  it('never runs more than it may, serves in order and loses nobody, whoever comes, ends and leaves', async () => {
    const step = fc.oneof(fc.constant('come'), fc.record({ end: fc.nat(20) }), fc.record({ leave: fc.nat(20) }));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 60 }), async (turns, steps) => {
        const queue = queueOf({ turns });
        const expected = { running: [] as number[], waiting: [] as number[] };
        const actual: number[] = [];
        const ends = new Map<number, () => void>();
        const aborts = new Map<number, AbortController>();
        let next = 0;
        const come = (): void => {
          const id = next++;
          const abort = new AbortController();
          aborts.set(id, abort);
          (expected.running.length < turns ? expected.running : expected.waiting).push(id);
          queue.enter({ signal: abort.signal, withinMs: HOUR }).then(
            (turn) => {
              actual.push(id);
              ends.set(id, () => turn[Symbol.dispose]());
            },
            () => undefined,
          );
        };
        const served: number[] = [];
        for (const one of steps) {
          if (one === 'come') come();
          else if (typeof one === 'object' && 'end' in one) {
            const [id] = expected.running.splice(one.end % Math.max(1, expected.running.length), 1);
            const [first] = expected.waiting.splice(0, id === undefined ? 0 : 1);
            if (first !== undefined) expected.running.push(first);
            if (id !== undefined) ends.get(id)?.();
          } else if (typeof one === 'object') {
            const [id] = expected.waiting.splice(one.leave % Math.max(1, expected.waiting.length), 1);
            if (id !== undefined) aborts.get(id)?.abort();
          }
          await Promise.resolve();
          await new Promise(setImmediate);
          for (const id of expected.running) if (!served.includes(id)) served.push(id);
          expect(actual).toEqual(served);
          expect([queue.running, queue.waiting]).toEqual([expected.running.length, expected.waiting.length]);
        }
      }),
      { numRuns: 100 },
    );
  });
});
