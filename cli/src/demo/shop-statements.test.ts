import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { shopStatements } from './shop-statements.ts';

function digest(today: string): string {
  const hash = createHash('sha256');
  for (const statement of shopStatements(today)) hash.update(statement);
  return hash.digest('hex');
}

function shopAt(today: string): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  for (const statement of shopStatements(today)) database.exec(statement);
  return database;
}

it('is the same for the same day, on every machine', () => {
  expect(digest('2026-11-21')).toBe('d61bf1c36c92dc8d0dc95f41fc5a91c87d95d32fadbe0cd08bfeeecf592cd9a5');
  expect(digest('2026-11-22')).not.toBe(digest('2026-11-21'));
});

it('only grows within a month', () => {
  const [earlier, later] = [shopAt('2026-11-19'), shopAt('2026-11-21')];
  const kept = [
    'SELECT id, customer_id, employee_id, channel, ordered_at, total_amount FROM orders',
    'SELECT * FROM order_items',
    'SELECT * FROM returns',
    'SELECT * FROM customers',
  ];
  for (const sql of kept) {
    const before = earlier.prepare(`${sql} ORDER BY id`).all();
    const after = later.prepare(`${sql} ORDER BY id`).all();
    expect(after.length, sql).toBeGreaterThan(before.length);
    expect(after.slice(0, before.length)).toEqual(before);
  }
  const opened = "SELECT count(*) AS n FROM orders WHERE status = 'delivered' AND ordered_at < '2026-11-19'";
  expect(Number(later.prepare(opened).get()?.['n'])).toBeGreaterThan(Number(earlier.prepare(opened).get()?.['n']));
});

it('works on the first day of a month and on the 29th of February', () => {
  for (const today of ['2026-11-01', '2028-02-29']) {
    const orders = shopAt(today).prepare('SELECT count(*) AS n, max(ordered_at) AS last FROM orders').get();
    expect(Number(orders?.['n'])).toBeGreaterThan(45_000);
    expect(String(orders?.['last']) < today).toBe(true);
  }
});
