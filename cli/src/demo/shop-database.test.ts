import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureShopDatabase } from './shop-database.ts';

const TODAY = '2026-11-21';
let directory: string;
let database: DatabaseSync;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'custard shop ü '));
  const { path, created } = await ensureShopDatabase({ directory, today: TODAY });
  expect(created).toBe(true);
  database = new DatabaseSync(path, { readOnly: true });
});

afterAll(async () => {
  database.close();
  await rm(directory, { recursive: true });
});

/** The first column of each row. */
function column(sql: string): unknown[] {
  return database
    .prepare(sql)
    .all()
    .map((row) => Object.values(row)[0]);
}

function number(sql: string): number {
  return Number(column(sql)[0]);
}

describe('the demo shop', () => {
  it('has the size it promises', () => {
    expect(number('SELECT count(*) FROM orders')).toBeGreaterThan(45_000);
    expect(number('SELECT count(*) FROM orders')).toBeLessThan(55_000);
    expect(number('SELECT count(*) FROM (SELECT 1 FROM orders GROUP BY customer_id)')).toBeGreaterThan(3_000);
    expect(number('SELECT count(*) FROM monthly_revenue')).toBe(37);
    expect(
      column("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"),
    ).toEqual([
      'categories',
      'customers',
      'employees',
      'order_items',
      'orders',
      'payments',
      'products',
      'regions',
      'returns',
    ]);
  });

  it('refers to nothing that is not there', () => {
    expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
    expect(column('PRAGMA integrity_check')).toEqual(['ok']);
  });

  it('covers three years up to yesterday and knows nothing of the future', () => {
    expect(column('SELECT min(date(ordered_at)) FROM orders')).toEqual(['2023-11-01']);
    expect(column('SELECT max(date(ordered_at)) FROM orders')).toEqual(['2026-11-20']);
    const times = ['orders.shipped_at', 'orders.delivered_at', 'payments.created_at', 'payments.paid_at'];
    for (const name of [...times, 'returns.returned_at', 'customers.signed_up_at', 'products.launched_on']) {
      const [table, time] = name.split('.');
      expect(column(`SELECT max(${time}) < '${TODAY}' FROM ${table}`), name).toEqual([1]);
      expect(column(`SELECT count(*) FROM ${table} WHERE datetime(${time}) IS NULL AND ${time} IS NOT NULL`)).toEqual([
        0,
      ]);
    }
  });

  it('sells and ships in an order that can happen', () => {
    const wrong = [
      'SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.signed_up_at > o.ordered_at',
      'SELECT count(*) FROM orders WHERE shipped_at < ordered_at OR delivered_at < shipped_at',
      "SELECT count(*) FROM orders WHERE (status = 'delivered') <> (delivered_at IS NOT NULL)",
      'SELECT count(*) FROM employees e JOIN employees m ON m.id = e.manager_id WHERE m.id >= e.id',
      `SELECT count(*) FROM returns r JOIN order_items i ON i.id = r.order_item_id JOIN orders o ON o.id = i.order_id
       WHERE r.returned_at < o.delivered_at OR r.quantity > i.quantity OR r.refund_amount > i.line_total`,
      'SELECT count(*) FROM order_items i JOIN orders o ON o.id = i.order_id JOIN products p ON p.id = i.product_id WHERE o.ordered_at < p.launched_on',
    ];
    for (const sql of wrong) expect(number(sql), sql).toBe(0);
  });

  it('adds up, to the cent and without rounding', () => {
    expect(
      number(`SELECT count(*) FROM orders o WHERE total_amount <> shipping_fee
        + (SELECT sum(line_total) FROM order_items i WHERE i.order_id = o.id)`),
    ).toBe(0);
    expect(number('SELECT count(*) FROM order_items WHERE line_total <> quantity * unit_price - discount_amount')).toBe(
      0,
    );
    expect(
      number(`SELECT count(*) FROM orders o WHERE shipped_at IS NOT NULL
        AND total_amount <> (SELECT sum(amount) FROM payments p WHERE p.order_id = o.id AND p.status = 'completed')`),
    ).toBe(0);
    for (const revenue of column('SELECT sum(line_total) FROM order_items GROUP BY product_id')) {
      expect(String(revenue)).toMatch(/^\d+(\.\d\d?)?$/);
    }
  });

  it('has the names that break things', () => {
    expect(number("SELECT count(*) FROM customers WHERE last_name = 'O''Brien'")).toBeGreaterThan(0);
    expect(number("SELECT count(*) FROM products WHERE name LIKE '%\"%'")).toBeGreaterThan(0);
    expect(number("SELECT count(*) FROM customers WHERE last_name = '佐藤'")).toBeGreaterThan(0);
    expect(number("SELECT count(*) FROM products WHERE name LIKE '%🦊%'")).toBeGreaterThan(0);
    expect(number('SELECT count(*) FROM customers WHERE email IS NULL')).toBeGreaterThan(0);
  });
});

describe('ensureShopDatabase', () => {
  it('keeps the file of the day, removes those of other days and what a crash left behind', async () => {
    const folder = join(directory, 'kept');
    await mkdir(folder);
    const others = ['shop-2026-11-20-v1.sqlite', 'shop-abandoned.tmp', 'shop-under-way.tmp', 'notes.txt'];
    for (const name of others) await writeFile(join(folder, name), '');
    await utimes(join(folder, 'shop-abandoned.tmp'), 0, 0);
    const first = await ensureShopDatabase({ directory: folder, today: TODAY });
    const again = await ensureShopDatabase({ directory: folder, today: TODAY });
    expect([first.created, again.created]).toEqual([true, false]);
    expect(again.path).toBe(first.path);
    expect(await readdir(folder)).toEqual(['notes.txt', 'shop-2026-11-21-v1.sqlite', 'shop-under-way.tmp']);
  });

  it('may be called twice at the same time', async () => {
    const folder = join(directory, 'twice');
    const made = await Promise.all([1, 2].map(() => ensureShopDatabase({ directory: folder, today: TODAY })));
    expect(new Set(made.map(({ path }) => path)).size).toBe(1);
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('leaves nothing behind when it fails', async () => {
    const folder = join(directory, 'failed');
    await expect(ensureShopDatabase({ directory: folder, today: '2026-02-30' })).rejects.toThrow('2026-02-30');
    expect(await readdir(folder)).toEqual([]);
  });
});
