import { type Period, shopPeriod } from './calendar.ts';
import { customerRow, makeCustomers } from './customers.ts';
import { itemRow, orderRow, paymentRows, returnsOf } from './order-rows.ts';
import { makeOrders, type Order } from './orders.ts';
import { categoryRows, makeProducts, productRow } from './products.ts';
import { REGIONS } from './regions.ts';
import type { Cell, ShopRow } from './shop-rows.ts';
import { createTable, INDEXES, TABLES, type Table, VIEWS } from './shop-schema.ts';
import { employeeRow, makeEmployees } from './staff.ts';

const ROWS_PER_INSERT = 500;

/**
 * The demo shop as SQL for an empty database, SQLite or PostgreSQL: about 50,000 orders over the
 * three years before `today`, the same text for the same day. To be run in one transaction.
 *
 * Within a month each day's shop is the day before's, one day further: what was placed keeps its
 * number and its amounts, and is shipped, delivered or returned as time goes by.
 *
 * @param today YYYY-MM-DD; the last orders are of the day before.
 */
export function* shopStatements(today: string): Generator<string> {
  for (const table of Object.values(TABLES)) yield createTable(table);
  for (const [table, rows] of shopRows(shopPeriod(today))) yield* inserts(table, rows);
  yield* INDEXES;
  yield* VIEWS;
  yield 'ANALYZE';
}

function* shopRows(period: Period): Generator<readonly [Table, Iterable<ShopRow>]> {
  const employees = makeEmployees(period);
  const products = makeProducts(period);
  const customers = makeCustomers(period);
  yield [TABLES.regions, REGIONS.map(({ name, country }, index) => [index + 1, name, country])];
  yield [TABLES.employees, employees.map(employeeRow)];
  yield [TABLES.categories, categoryRows()];
  yield [TABLES.products, products.filter(({ launchedOn }) => launchedOn < period.end).map(productRow)];
  yield [TABLES.customers, customers.map(customerRow)];
  const orders = [...makeOrders({ period, employees, products, customers })];
  yield [TABLES.orders, orders.map(orderRow)];
  yield [TABLES.orderItems, orders.flatMap((order) => order.items.map((item) => itemRow(order, item)))];
  yield [TABLES.payments, numbered(orders.flatMap((order) => paymentRows(order, period.end)))];
  yield [TABLES.returns, numbered(returnRows(orders, period))];
}

/** In the order in which things came back, so that tomorrow's returns do not renumber today's. */
function returnRows(orders: readonly Order[], { end }: Period): ShopRow[] {
  const returns = orders.flatMap((order) => [...returnsOf(order, end)]);
  return returns.sort((a, b) => a.time - b.time).map(({ row }) => row);
}

function numbered(rows: readonly ShopRow[]): ShopRow[] {
  return rows.map((row, index) => [index + 1, ...row]);
}

function* inserts(table: Table, rows: Iterable<ShopRow>): Generator<string> {
  const head = `INSERT INTO ${table.name} (${table.columns.map(([name]) => name).join(', ')}) VALUES\n`;
  let lines: string[] = [];
  for (const row of rows) {
    lines.push(`(${row.map(literal).join(', ')})`);
    if (lines.length < ROWS_PER_INSERT) continue;
    yield head + lines.join(',\n');
    lines = [];
  }
  if (lines.length > 0) yield head + lines.join(',\n');
}

function literal(value: Cell): string {
  if (value === null) return 'NULL';
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value).toUpperCase();
}
