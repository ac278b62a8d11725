import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { maskKey } from '#agent/policy/mask-key.ts';
import { maskText } from '#core/policy/mask-text.ts';
import { Database } from './support/database.ts';
import { Stack } from './support/stack.ts';

/** A policy file beside a real agent, with the control plane and the command in processes of their own. */

const MASK_KEY = 'a key of the test that is long enough';
const POLICY = `
version: 1
tables: { deny: ["hr.*", "*.no_such_table"] }
columns: { deny: ["users.password"] }
masks:
  - columns: ["users.email"]
    show: partial
  - columns: ["users.phone"]
    show: hash
  - columns: ["users.born"]
    show: null
views: { trusted: [contact_sheet] }
limits: { rows: 4, bytes: 1 MiB, time: 10s }
egress: schema
posture: acceptable
`;

const SCHEMA = [
  'create schema hr',
  'create table hr.salaries (id int, salary int)',
  'create table users (id int primary key, email text, phone bigint, born date, password text, country text)',
  `insert into users select i, 'person' || i || '@example.com', 4930000000 + i, date '1980-01-01' + i, 'secret' || i, 'DE' from generate_series(1, 6) i`,
  'create view mailing as select id, lower(email) as address from users',
  'create view contact_sheet as select id, email from users',
];

let folder: string;
let database: Database;
let stack: Stack;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custard-policy-'));
  const file = join(folder, 'policy.yaml');
  await writeFile(file, POLICY);
  database = await Database.create([], SCHEMA);
  stack = await Stack.start({ databaseUrl: database.readerUrl, agentEnv: { POLICY_FILE: file, MASK_KEY } });
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function sql(statement: string) {
  const { code, stdout } = await stack.custard(['sql', statement, '--json']);
  return { code, ...JSON.parse(stdout) };
}

describe('what is shown', () => {
  test('masked values, by name and by star, and that they are masked', async () => {
    const { code, data, warnings } = await sql('select id, email, phone as tel, born from users where id = 1');
    expect(code).toBe(0);
    const hash = maskText('hash', '4930000001', maskKey(MASK_KEY));
    expect(data.rows).toEqual([[1, 'pe***om', hash, null]]);
    expect(data.columns.map((column: { masked?: string }) => column.masked)).toEqual([
      ...[undefined, 'partial', 'hash', 'null'],
    ]);
    expect(warnings.join()).toContain('email (partial), tel (hash), born (null)');
  });

  test('what a trusted view shows', async () => {
    expect((await sql('select email from contact_sheet where id = 1')).data.rows).toEqual([['person1@example.com']]);
  });

  test('as many rows as the policy has, whatever is asked for', async () => {
    const { data } = await sql('select id from users');
    expect(data).toMatchObject({ row_count: 4, truncated: true });
  });
});

describe('what is denied', () => {
  test.each([
    ['select salary from hr.salaries', 'tables.deny: "hr.*"'],
    ['select password from users', 'columns.deny: "users.password"'],
    ['select * from users', 'columns.deny: "users.password"'],
    ["select id from users where email like 'p%'", 'masks: "users.email"'],
    ['select to_jsonb(users) from users', 'users'],
    ['select address from mailing', 'masks: "users.email"'],
    ["select most_common_vals from pg_stats where tablename = 'users'", 'holds values of columns'],
  ])('%s', async (statement, rule) => {
    const { code, error } = await sql(statement);
    expect({ code, error: error.code }).toEqual({ code: 5, error: 'POLICY_DENIED' });
    expect(error.message).toContain(rule);
  });
});

test('the schema has what may be read, and says what is masked', async () => {
  const { stdout } = await stack.custard(['schema', 'show', 'users', '--json']);
  const [users] = JSON.parse(stdout).data.tables ?? [JSON.parse(stdout).data];
  const columns = users.columns.map(({ name, masked }: { name: string; masked?: string }) => [name, masked]);
  expect(columns).toEqual([
    ['id', undefined],
    ['email', 'partial'],
    ['phone', 'hash'],
    ['born', 'null'],
    ['country', undefined],
  ]);
  const list = (await stack.custard(['schema', 'list', '-o', 'csv'])).stdout;
  expect(list).toContain('contact_sheet');
  expect(list).not.toMatch(/salaries|mailing/);
});

test('the control plane knows a summary, and the agent tells the rules that match nothing', async () => {
  const { stdout } = await stack.custard(['connections', 'show', 'shop', '--json']);
  expect(JSON.parse(stdout).data.policy).toEqual({
    ...{ egress: 'schema', max_rows: 4, max_bytes: 1024 * 1024, max_ms: 10_000, required_posture: 'acceptable' },
    ...{ restricts_tables: true, restricts_columns: true, masks_columns: true },
  });
  expect((await stack.custard(['connections', 'show', 'shop'])).stdout).toContain('masks columns, at most 4 rows');
  expect(stack.agent.stderr).toContain('The policy\'s rule tables.deny: "*.no_such_table" matches nothing');
});

test('a question is answered within it: what is masked is not looked up', async () => {
  const { code, stdout } = await stack.custard(['ask', 'how many users are there?', '--json']);
  expect({ code, rows: JSON.parse(stdout).data.rows }).toEqual({ code: 0, rows: [['6']] });
  const leak = await stack.custard(['ask', 'which user has the email person1@example.com?', '--json']);
  expect(leak.stdout).not.toContain('"person1@example.com"]');
});

test.each([
  ['a typo', `${POLICY}egres: rows`, {}, 2, 'did you mean egress?'],
  ['a posture that is not met', POLICY.replace('posture: acceptable', 'posture: good'), {}, 5, 'good is required'],
])('the agent does not start with %s', async (_, text, env, status, message) => {
  const file = join(folder, 'other.yaml');
  await writeFile(file, text);
  const agent = stack.start(['agent', 'run'], {
    ...{
      BACKEND_WEBSOCKET_URI: 'ws://127.0.0.1:9/{agent_id}',
      AGENT_ID: 'a',
      CUSTARD_API_KEY: `custard_${'k'.repeat(36)}`,
    },
    ...{ DB_URL: database.readerUrl, POLICY_FILE: file, ...env },
  });
  const { code, stderr } = await agent.finished();
  expect({ code, stderr }).toEqual({ code: status, stderr: expect.stringContaining(message) });
});
