import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Database } from './support/database.ts';
import { Stack } from './support/stack.ts';

/** A dry run through command, control plane and agent, each a process of its own, to PostgreSQL. */

const POLICY = `
version: 1
tables: { deny: [salaries] }
columns: { deny: ["users.password"] }
views: { trusted: [payroll] }
`;

const SCHEMA = [
  'create table users (id int primary key, name text, password text)',
  "insert into users select i, 'person' || i, 'secret' || i from generate_series(1, 1000) i",
  'create table salaries (id int, salary int)',
  'create view payroll as select u.id, s.salary from users u join salaries s on s.id = u.id',
  // Whoever runs it hears of it.
  `create function tripwire() returns int language plpgsql volatile as $$ begin raise exception 'it was run'; end $$`,
  'create view trapped as select id, tripwire() as wire from users',
  'analyze users',
];

let folder: string;
let database: Database;
let stack: Stack;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custard-dry-run-'));
  const file = join(folder, 'policy.yaml');
  await writeFile(file, POLICY);
  database = await Database.create([], SCHEMA);
  stack = await Stack.start({ databaseUrl: database.readerUrl, agentEnv: { POLICY_FILE: file } });
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function dryRun(...args: string[]) {
  const { code, stdout } = await stack.custard([...args, '--dry-run', '--json']);
  return { code, ...JSON.parse(stdout) };
}

test('says what the engine expects, and runs nothing', async () => {
  const trapped = 'select wire from trapped';
  const run = await stack.custard(['sql', trapped, '--json']);
  expect(run.stdout).toContain('it was run');
  expect(await dryRun('sql', trapped)).toMatchObject({
    code: 0,
    schema: 'custard.plan/1',
    data: {
      ...{ sql: trapped, connection: 'shop', verdict: 'allow', explained: true, maker: 'user', tables: ['trapped'] },
      ...{ rows: 1000, cost: { value: expect.any(Number), unit: 'page reads' }, omitted: 0 },
      // The policy lets it be read through the view, and named by nobody who has not named it.
      scans: [{ table: null, access: 'full', rows: null }],
    },
    warnings: [],
  });
  const one = await dryRun('sql', 'select name from users where id = 7');
  expect(one.data.scans).toEqual([{ table: { schema: 'public', name: 'users' }, access: 'index', rows: 1 }]);
});

test('tells nothing of what the policy keeps to itself', async () => {
  const { code, data } = await dryRun('sql', 'select salary from payroll where id = 3');
  expect({ code, names: data.scans.map(({ table }: { table: unknown }) => table) }).toEqual({
    ...{ code: 0, names: [null, null] },
  });
  for (const statement of ['select password from users', 'select salary from salaries', 'delete from users']) {
    expect((await dryRun('sql', statement)).code).toBe(5);
  }
});

test('a question, for people, and the statement alone', async () => {
  const { code, stdout } = await stack.custard(['ask', 'how many users are there?', '--dry-run']);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^SELECT COUNT\(\*\)[\s\S]*\n\n✓ allowed · not run\n {2}rows {2}about 1\n {2}cost {2}[\d.,]+ page reads\n {2}scan {2}full {3}public\.users {2}about 1,000 rows\n$/,
  );
  const alone = await stack.custard(['ask', 'how many users are there?', '--sql-only']);
  expect(`${alone.stdout}\n`).toBe(stdout.split('✓')[0]);
});

test('a statement that the database does not take is told as its run would tell it', async () => {
  const { code, error } = await dryRun('sql', 'select 1,\n  nothing from users');
  expect({ exit: code, ...error }).toMatchObject({
    ...{ exit: 1, code: 'COLUMN_NOT_FOUND', details: { where: { line: 2, column: 3 } } },
  });
});

test('without an agent the statement is checked all the same', async () => {
  await stack.agent.stop();
  const { code, data, warnings } = await dryRun('sql', 'select name from users');
  expect({ code, ...data }).toMatchObject({ code: 0, explained: false, rows: null, scans: [] });
  expect(warnings).toEqual([expect.stringMatching(/^What the statement would cost is not known: The agent of "shop"/)]);
});
