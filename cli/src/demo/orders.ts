import { busyness, DAY, daysOf, HOUR, type Period, type Seconds } from './calendar.ts';
import type { Customer } from './customers.ts';
import { type Channel, type OrderLife, type OrderState, planLife, stateAt } from './order-life.ts';
import type { Product } from './products.ts';
import { at, type Random, seededRandom } from './random.ts';
import { roundAmount } from './shop-rows.ts';
import type { Employee } from './staff.ts';

/** Amounts are whole cents. */
export interface OrderItem {
  readonly id: number;
  readonly product: Product;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly discount: number;
  readonly lineTotal: number;
}

export interface Order extends OrderState {
  readonly id: number;
  readonly customer: Customer;
  /** Who sold it; null on the web. */
  readonly employee: Employee | null;
  readonly channel: Channel;
  readonly life: OrderLife;
  readonly items: readonly OrderItem[];
  readonly shippingFee: number;
  readonly totalAmount: number;
}

interface Shop {
  readonly period: Period;
  readonly customers: readonly Customer[];
  readonly products: readonly Product[];
  readonly employees: readonly Employee[];
}

const ORDERS_PER_DAY = 46;
const CHANNELS: readonly (readonly [Channel, number])[] = [
  ['web', 70],
  ['store', 20],
  ['phone', 10],
];
const LINES: readonly (readonly [number, number])[] = [
  [1, 40],
  [2, 30],
  [3, 15],
  [4, 10],
  [5, 5],
];
const FREE_SHIPPING_FROM = 5_000;
const SHIPPING_FEE = 475;
/** Prices went up once a year: the oldest year's, the next one's, this year's. */
const PRICE_LEVELS = [0.92, 0.96, 1, 1];

/** In the order in which they were placed; a day's orders do not depend on how many days follow. */
export function* makeOrders(shop: Shop): Generator<Order> {
  let orderId = 0;
  let itemId = 0;
  let customersSoFar = 0;
  for (const day of daysOf(shop.period)) {
    while ((shop.customers[customersSoFar]?.signedUpAt ?? Number.POSITIVE_INFINITY) < day) customersSoFar++;
    const random = seededRandom(`orders ${day}`);
    const onSale = shop.products.filter((product) => product.launchedOn <= day);
    const count = Math.round(ORDERS_PER_DAY * busyness(day, shop.period) * (0.85 + 0.3 * random.next()));
    const times = Array.from({ length: count }, () => day + timeOfDay(random)).sort((a, b) => a - b);
    for (const time of times) {
      const customer = at(shop.customers, mostlyLow(customersSoFar, random));
      const items = makeItems({ firstId: itemId + 1, onSale, priceLevel: priceLevel(time, shop.period), random });
      itemId += items.length;
      yield makeOrder({ id: ++orderId, time, customer, items, shop, random });
    }
  }
}

/** An index below `length`: the first ones come often, the last ones seldom. */
function mostlyLow(length: number, random: Random): number {
  return Math.floor(random.next() * random.next() * length);
}

/** Mornings are slower than evenings, nights are quiet. */
function timeOfDay(random: Random): Seconds {
  const hours = random.chance(0.06) ? 24 * random.next() : 7 + 16 * Math.max(random.next(), random.next() * 0.9);
  return Math.min(DAY - 1, Math.floor(hours * HOUR));
}

function priceLevel(time: Seconds, { start }: Period): number {
  return at(PRICE_LEVELS, Math.floor((time - start) / (366 * DAY)));
}

interface ItemOptions {
  readonly firstId: number;
  readonly onSale: readonly Product[];
  readonly priceLevel: number;
  readonly random: Random;
}

/** Different products each; the first ones of the list sell best. */
function makeItems({ firstId, onSale, priceLevel, random }: ItemOptions): OrderItem[] {
  const chosen = new Set<Product>();
  for (let lines = random.weighted(LINES); lines > 0; lines--) {
    chosen.add(at(onSale, mostlyLow(onSale.length, random)));
  }
  return [...chosen].map((product, index) => {
    const unitPrice = roundAmount(product.unitPrice * priceLevel);
    const quantity = random.chance(0.75) ? 1 : random.integer(2, 4);
    const discount = random.chance(0.12) ? roundAmount(unitPrice * quantity * 0.1) : 0;
    return { id: firstId + index, product, quantity, unitPrice, discount, lineTotal: unitPrice * quantity - discount };
  });
}

interface OrderOptions {
  readonly id: number;
  readonly time: Seconds;
  readonly customer: Customer;
  readonly items: readonly OrderItem[];
  readonly shop: Shop;
  readonly random: Random;
}

function makeOrder({ id, time, customer, items, shop, random }: OrderOptions): Order {
  const channel = random.weighted(CHANNELS);
  const sellers = shop.employees.filter(
    (e) => e.regionId === customer.regionId && e.jobTitle === 'Sales Representative',
  );
  const life = planLife(time, channel, random);
  const goods = items.reduce((sum, item) => sum + item.lineTotal, 0);
  const shippingFee = channel === 'store' || goods >= FREE_SHIPPING_FROM ? 0 : SHIPPING_FEE;
  return {
    id,
    customer,
    employee: channel === 'web' ? null : random.pick(sellers),
    channel,
    life,
    ...stateAt(shop.period.end, life),
    items,
    shippingFee,
    totalAmount: goods + shippingFee,
  };
}
