import { DAY, formatDate, type Period, type Seconds } from './calendar.ts';
import { emailOf } from './people.ts';
import { at, type Random, seededRandom } from './random.ts';
import { REGIONS, type Region } from './regions.ts';
import { euros, roundAmount, type ShopRow } from './shop-rows.ts';

export interface Employee {
  readonly id: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly jobTitle: string;
  readonly managerId: number | null;
  readonly regionId: number | null;
  readonly hiredOn: Seconds;
  readonly salary: number;
}

interface Post {
  readonly jobTitle: string;
  readonly managerId: number | null;
  readonly regionId: number | null;
  readonly salaryCents: readonly [from: number, to: number];
}

const SALES_PEOPLE_PER_REGION = 2;
const HEADQUARTERS: readonly (readonly [jobTitle: string, managerId: number | null, salary: number])[] = [
  ['Chief Executive Officer', null, 14_500_000],
  ['Head of Sales', 1, 9_800_000],
  ['Head of Operations', 1, 9_200_000],
  ['Warehouse Lead', 3, 5_400_000],
  ['Data Analyst', 3, 6_100_000],
];
const HEAD_OF_SALES = 2;

/** Headquarters first, then a manager and the sales people of each region; a manager always comes before their people. */
export function makeEmployees({ start }: Period): Employee[] {
  const random = seededRandom('employees');
  const posts: Post[] = HEADQUARTERS.map(([jobTitle, managerId, salary]) => {
    return { jobTitle, managerId, regionId: null, salaryCents: [salary, salary] };
  });
  for (const index of REGIONS.keys()) {
    const regionId = index + 1;
    posts.push({
      jobTitle: 'Regional Manager',
      managerId: HEAD_OF_SALES,
      regionId,
      salaryCents: [6_200_000, 7_800_000],
    });
    const managerId = posts.length;
    for (let i = 0; i < SALES_PEOPLE_PER_REGION; i++) {
      posts.push({ jobTitle: 'Sales Representative', managerId, regionId, salaryCents: [3_400_000, 4_800_000] });
    }
  }
  return posts.map((post, index) => hire(post, index + 1, start, random));
}

function hire(
  { jobTitle, managerId, regionId, salaryCents }: Post,
  id: number,
  start: Seconds,
  random: Random,
): Employee {
  const region: Region = regionId === null ? random.pick(REGIONS) : at(REGIONS, regionId - 1);
  return {
    id,
    firstName: random.pick(region.firstNames),
    lastName: random.pick(region.lastNames),
    jobTitle,
    managerId,
    regionId,
    hiredOn: start - random.integer(0, 2_000) * DAY,
    salary: roundAmount(random.integer(...salaryCents)),
  };
}

export function employeeRow(employee: Employee): ShopRow {
  const { id, firstName, lastName, jobTitle, managerId, regionId, hiredOn, salary } = employee;
  const email = emailOf(firstName, lastName, id, 'custard-shop.example');
  return [id, firstName, lastName, email, jobTitle, managerId, regionId, formatDate(hiredOn), euros(salary)];
}
