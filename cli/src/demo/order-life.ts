import { DAY, HOUR, MINUTE, type Seconds } from './calendar.ts';
import type { Random } from './random.ts';

/** What becomes of an order over time, and how far it has come by a given moment. */
export type Channel = 'web' | 'phone' | 'store';
type PaymentMethod = 'card' | 'paypal' | 'bank transfer' | 'gift card' | 'cash';
type OrderStatus = 'pending' | 'paid' | 'shipped' | 'delivered' | 'cancelled';

/** As fate has it; times may lie in the future. */
export interface OrderLife {
  readonly orderedAt: Seconds;
  readonly method: PaymentMethod;
  /** The first attempt to pay failed, and another followed it. */
  readonly firstPaymentFailed: boolean;
  readonly paidAt: Seconds;
  readonly shippedAt: Seconds;
  readonly deliveredAt: Seconds;
  readonly cancelledAt: Seconds | null;
}

const METHODS: readonly (readonly [PaymentMethod, number])[] = [
  ['card', 45],
  ['paypal', 30],
  ['bank transfer', 20],
  ['gift card', 5],
];
const METHODS_IN_STORE: readonly (readonly [PaymentMethod, number])[] = [
  ['card', 60],
  ['cash', 40],
];
/** Between the order and the second attempt to pay. */
export const SECOND_ATTEMPT_AFTER = 4 * MINUTE;

export function planLife(orderedAt: Seconds, channel: Channel, random: Random): OrderLife {
  if (channel === 'store') {
    const method = random.weighted(METHODS_IN_STORE);
    const times = { paidAt: orderedAt, shippedAt: orderedAt, deliveredAt: orderedAt, cancelledAt: null };
    return { orderedAt, method, firstPaymentFailed: false, ...times };
  }
  const method = random.weighted(METHODS);
  const firstPaymentFailed = method !== 'bank transfer' && random.chance(0.03);
  const paidAt = orderedAt + paymentDelay(method, firstPaymentFailed, random);
  const shippedAt = paidAt + random.integer(3 * HOUR, 40 * HOUR);
  const deliveredAt = shippedAt + random.integer(18 * HOUR, 5 * DAY);
  const cancelledAt = random.chance(0.04) ? orderedAt + random.integer(5 * MINUTE, 20 * HOUR) : null;
  return { orderedAt, method, firstPaymentFailed, paidAt, shippedAt, deliveredAt, cancelledAt };
}

function paymentDelay(method: PaymentMethod, firstPaymentFailed: boolean, random: Random): Seconds {
  if (method === 'bank transfer') return random.integer(6 * HOUR, 4 * DAY);
  return (firstPaymentFailed ? SECOND_ATTEMPT_AFTER : 0) + random.integer(5, 90);
}

export interface OrderState {
  readonly status: OrderStatus;
  readonly paidAt: Seconds | null;
  readonly shippedAt: Seconds | null;
  readonly deliveredAt: Seconds | null;
}

/** An order is cancelled before it is shipped, or not at all. */
export function stateAt(now: Seconds, life: OrderLife): OrderState {
  const cancelled = life.cancelledAt !== null && life.cancelledAt < Math.min(now, life.shippedAt);
  const lastMoment = cancelled && life.cancelledAt !== null ? life.cancelledAt : now;
  const until = (time: Seconds): Seconds | null => (time < lastMoment ? time : null);
  const times = { paidAt: until(life.paidAt), shippedAt: until(life.shippedAt), deliveredAt: until(life.deliveredAt) };
  if (cancelled) return { status: 'cancelled', ...times };
  if (times.deliveredAt !== null) return { status: 'delivered', ...times };
  if (times.shippedAt !== null) return { status: 'shipped', ...times };
  return { status: times.paidAt === null ? 'pending' : 'paid', ...times };
}
