import { DAY, formatTimestamp, type Seconds } from './calendar.ts';
import { SECOND_ATTEMPT_AFTER } from './order-life.ts';
import type { Order, OrderItem } from './orders.ts';
import { seededRandom } from './random.ts';
import { type Cell, euros, roundAmount, type ShopRow } from './shop-rows.ts';

/** The rows that orders leave in the four tables about them. */
const RETURN_REASONS: readonly (readonly [string | null, number])[] = [
  ["didn't fit", 25],
  ['damaged', 20],
  ['wrong item', 10],
  ['changed my mind', 30],
  [null, 15],
];

const timestampOrNull = (time: Seconds | null): Cell => (time === null ? null : formatTimestamp(time));

export function orderRow(order: Order): ShopRow {
  const { id, customer, employee, channel, status, life, shippedAt, deliveredAt, shippingFee, totalAmount } = order;
  return [
    id,
    customer.id,
    employee?.id ?? null,
    channel,
    status,
    formatTimestamp(life.orderedAt),
    timestampOrNull(shippedAt),
    timestampOrNull(deliveredAt),
    euros(shippingFee),
    euros(totalAmount),
  ];
}

export function itemRow(order: Order, item: OrderItem): ShopRow {
  const { id, product, quantity, unitPrice, discount, lineTotal } = item;
  return [id, order.id, product.id, quantity, euros(unitPrice), euros(discount), euros(lineTotal)];
}

/** The payments of one order, without their ids; none where it was cancelled before any. */
export function paymentRows(order: Order, end: Seconds): ShopRow[] {
  const { life, status, paidAt, totalAmount } = order;
  const rows: ShopRow[] = [];
  const add = (state: string, createdAt: Seconds, paid: Seconds | null): void => {
    rows.push([order.id, life.method, state, euros(totalAmount), formatTimestamp(createdAt), timestampOrNull(paid)]);
  };
  if (life.firstPaymentFailed) add('failed', life.orderedAt, null);
  const attemptedAt = life.orderedAt + (life.firstPaymentFailed ? SECOND_ATTEMPT_AFTER : 0);
  if (paidAt !== null) add(status === 'cancelled' ? 'refunded' : 'completed', attemptedAt, paidAt);
  else if (status === 'pending' && attemptedAt < end) add('pending', attemptedAt, null);
  return rows;
}

export interface Return {
  readonly time: Seconds;
  /** Without its id. */
  readonly row: ShopRow;
}

/** What came back of one order by `end`. */
export function* returnsOf({ life, deliveredAt, items }: Order, end: Seconds): Generator<Return> {
  if (deliveredAt === null) return;
  for (const { id, quantity, lineTotal } of items) {
    const random = seededRandom(`return ${id} ${life.orderedAt}`);
    if (!random.chance(0.05)) continue;
    const time = deliveredAt + random.integer(2 * DAY, 21 * DAY);
    if (time >= end) continue;
    const returned = random.integer(1, quantity);
    const refund = roundAmount((lineTotal * returned) / quantity);
    yield { time, row: [id, returned, random.weighted(RETURN_REASONS), euros(refund), formatTimestamp(time)] };
  }
}
