import { describe, expect, it, vi } from 'vitest';
import { Pool, type Poolable } from './pool.ts';

class Thing implements Poolable {
  usable = true;
  destroyed = false;
  destroy(): void {
    this.usable = false;
    this.destroyed = true;
  }
}

const signal = new AbortController().signal;
const HOUR = 3_600_000;

function makePool(options: { max?: number; waitMs?: number; idleMs?: number; lifetimeMs?: number } = {}) {
  const opened: Thing[] = [];
  const pool = new Pool<Thing>({
    open: async () => {
      const thing = new Thing();
      opened.push(thing);
      return thing;
    },
    max: 2,
    idleMs: HOUR,
    lifetimeMs: HOUR,
    waitMs: 50,
    ...options,
  });
  return { pool, opened };
}

describe('Pool', () => {
  it('gives out again what was released last', async () => {
    const { pool, opened } = makePool();
    const a = await pool.acquire(signal);
    const b = await pool.acquire(signal);
    expect([a.reused, b.reused]).toEqual([false, false]);
    pool.release(a.resource);
    pool.release(b.resource);
    expect(await pool.acquire(signal)).toEqual({ resource: b.resource, reused: true });
    expect(opened).toHaveLength(2);
  });

  it('lets those over the maximum wait for their turn, in order', async () => {
    const { pool } = makePool({ max: 1, waitMs: 5_000 });
    const first = await pool.acquire(signal);
    const order: number[] = [];
    const waiting = [1, 2].map(async (number) => {
      const { resource } = await pool.acquire(signal);
      order.push(number);
      pool.release(resource);
    });
    pool.release(first.resource);
    await Promise.all(waiting);
    expect(order).toEqual([1, 2]);
  });

  it('lets nobody who comes later take what was released for who waits', async () => {
    const { pool } = makePool({ max: 1, waitMs: 5_000 });
    const { resource } = await pool.acquire(signal);
    const order: string[] = [];
    const take = async (name: string) => {
      const taken = await pool.acquire(signal);
      order.push(name);
      pool.release(taken.resource);
    };
    const first = take('first');
    pool.release(resource);
    await Promise.all([first, take('late')]);
    expect(order).toEqual(['first', 'late']);
  });

  it('ends a wait with AGENT_BUSY, or with the signal', async () => {
    const { pool } = makePool({ max: 1 });
    const { resource } = await pool.acquire(signal);
    await expect(pool.acquire(signal)).rejects.toMatchObject({ code: 'AGENT_BUSY' });
    const abort = new AbortController();
    const waiting = expect(pool.acquire(abort.signal)).rejects.toMatchObject({ code: 'QUERY_CANCELED' });
    abort.abort();
    await waiting;
    pool.release(resource);
    expect((await pool.acquire(signal)).resource).toBe(resource);
  });

  it('keeps nothing that is unusable or too old, and gives its place to who waits', async () => {
    const { pool, opened } = makePool({ max: 1, waitMs: 5_000 });
    const { resource } = await pool.acquire(signal);
    const next = pool.acquire(signal);
    resource.usable = false;
    pool.release(resource);
    expect((await next).reused).toBe(false);
    expect(opened.map(({ destroyed }) => destroyed)).toEqual([true, false]);
    const young = makePool({ lifetimeMs: 0 });
    const old = await young.pool.acquire(signal);
    young.pool.release(old.resource);
    expect(old.resource.destroyed).toBe(true);
  });

  it('frees the place of what could not be opened', async () => {
    let attempts = 0;
    const open = () => (++attempts === 1 ? Promise.reject(new Error('no')) : Promise.resolve(new Thing()));
    const pool = new Pool<Thing>({ open, max: 1, idleMs: HOUR, lifetimeMs: HOUR, waitMs: 50 });
    await expect(pool.acquire(signal)).rejects.toThrow('no');
    expect((await pool.acquire(signal)).reused).toBe(false);
  });

  it('closes what nobody has used for a while', async () => {
    vi.useFakeTimers();
    try {
      const { pool } = makePool({ idleMs: 1_000 });
      const { resource } = await pool.acquire(signal);
      pool.release(resource);
      await vi.advanceTimersByTimeAsync(2_000);
      expect(resource.destroyed).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it('destroys everything when closed, at once or when it is released', async () => {
    const { pool } = makePool();
    const a = await pool.acquire(signal);
    const b = await pool.acquire(signal);
    pool.release(a.resource);
    pool.close();
    expect([a.resource.destroyed, b.resource.destroyed]).toEqual([true, true]);
    pool.release(b.resource);
    await expect(pool.acquire(signal)).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' });
  });
});
