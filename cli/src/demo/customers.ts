import { busyness, DAY, daysOf, formatTimestamp, type Period, type Seconds } from './calendar.ts';
import { emailOf } from './people.ts';
import { at, type Random, seededRandom } from './random.ts';
import { REGIONS } from './regions.ts';
import type { ShopRow } from './shop-rows.ts';

export interface Customer {
  readonly id: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly company: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly city: string | null;
  readonly regionId: number;
  readonly newsletter: boolean;
  readonly signedUpAt: Seconds;
}

/** Who had signed up before the period began, so that the first day has somebody to sell to. */
const CUSTOMERS_AT_START = 400;
const SIGN_UPS_PER_DAY = 4;
const REGION_SHARES = REGIONS.map((region, index) => [index + 1, region.share] as const);
const COMPANIES = ['GmbH', '& Söhne KG', 'Ltd.', 'S.à r.l.', 'Sp. z o.o.', '株式会社', '🚀 Labs'] as const;

/** In the order in which they signed up; a day's sign-ups do not depend on how many days follow. */
export function makeCustomers(period: Period): Customer[] {
  const customers: Customer[] = [];
  const old = seededRandom('customers before');
  const earlier = Array.from({ length: CUSTOMERS_AT_START }, () => period.start - 1 - old.integer(0, 700 * DAY));
  for (const time of earlier.sort((a, b) => a - b)) customers.push(makeCustomer(customers.length + 1, time, old));
  for (const day of daysOf(period)) {
    const random = seededRandom(`customers ${day}`);
    const count = Math.round(SIGN_UPS_PER_DAY * busyness(day, period) * (0.5 + random.next()));
    const times = Array.from({ length: count }, () => day + random.integer(0, DAY - 1)).sort((a, b) => a - b);
    for (const time of times) customers.push(makeCustomer(customers.length + 1, time, random));
  }
  return customers;
}

function makeCustomer(id: number, signedUpAt: Seconds, random: Random): Customer {
  const regionId = random.weighted(REGION_SHARES);
  const region = at(REGIONS, regionId - 1);
  const firstName = random.pick(region.firstNames);
  const lastName = random.pick(region.lastNames);
  return {
    id,
    firstName,
    lastName,
    company: random.chance(0.15) ? `${lastName} ${random.pick(COMPANIES)}` : null,
    email: random.chance(0.96) ? emailOf(firstName, lastName, id, 'example.com') : null,
    phone: random.chance(0.7) ? `${region.dialCode} 555 ${random.integer(100_000, 999_999)}` : null,
    city: random.chance(0.97) ? random.pick(region.cities) : null,
    regionId,
    newsletter: random.chance(0.35),
    signedUpAt,
  };
}

export function customerRow(customer: Customer): ShopRow {
  const { id, firstName, lastName, company, email, phone, city, regionId, newsletter, signedUpAt } = customer;
  return [id, firstName, lastName, company, email, phone, city, regionId, newsletter, formatTimestamp(signedUpAt)];
}
