import { randomBytes } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { postgresUrl } from '#core/testing/postgres-url.ts';
import { createSandbox, runCommand, type Sandbox } from './run-command.ts';
import { runInTerminal } from './run-in-terminal.ts';

const NAME = `custard_check_${randomBytes(5).toString('hex')}`;
const PASSWORD = randomBytes(12).toString('hex');
let admin: Client;

beforeAll(async () => {
  const server = new Client({ connectionString: postgresUrl() });
  await server.connect();
  await server.query(`CREATE DATABASE ${NAME}`);
  await server.query(`CREATE ROLE ${NAME} LOGIN PASSWORD '${PASSWORD}'`);
  await server.end();
  admin = new Client({ connectionString: withDatabase() });
  await admin.connect();
  await admin.query('REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE TABLE customer (id int)');
});
afterAll(async () => {
  await admin.end();
  const server = new Client({ connectionString: postgresUrl() });
  await server.connect();
  await server.query(`DROP DATABASE ${NAME} WITH (FORCE)`);
  for (const role of [NAME, `${NAME}_pasted`]) await server.query(`DROP ROLE IF EXISTS ${role}`);
  await server.end();
});

function withDatabase(role?: string): string {
  const url = new URL(postgresUrl());
  url.pathname = `/${NAME}`;
  if (role !== undefined) Object.assign(url, { username: role, password: PASSWORD });
  return url.href;
}

const agentSandbox = (databaseUrl: string, env: NodeJS.ProcessEnv = {}): Promise<Sandbox> =>
  createSandbox({
    // Nothing listens there: an agent that starts says so and tries again.
    BACKEND_WEBSOCKET_URI: 'ws://127.0.0.1:9/api/v1/connections/ws/{agent_id}',
    AGENT_ID: 'agt_1',
    CUSTARD_API_KEY: `custard_${'k'.repeat(36)}`,
    DB_URL: databaseUrl,
    ...env,
  });

test('--check tells a bad role what it could do, prints the SQL, and ends with 8', async () => {
  await using sandbox = await agentSandbox(withDatabase());
  const { status, stdout, stderr } = await runCommand(['agent', 'run', '--check'], sandbox);
  expect(status).toBe(8);
  expect(stdout).toMatch(/^✗ bad: it could do much more than read\n {2}✗ bad {3}The role \S+ is a superuser/);
  expect(stdout).toContain(`GRANT CONNECT ON DATABASE ${NAME} TO custard_reader;`);
  expect(stderr).toMatch('The settings are complete and the database answers (postgres ');
  expect(stdout).toMatch(
    /\nserver {3}postgres \d+[^\n]*\nway {6}\S[^\n]*\nschema {3}1 schema, 1 table, 0 views, 1 column; all readable\nlimits /,
  );
});

test('--check --json gives one document, whose SQL makes a good role', async () => {
  await using bad = await agentSandbox(withDatabase());
  const before = await runCommand(['agent', 'run', '--check', '--json'], bad);
  const { schema, data } = JSON.parse(before.stdout);
  expect(before).toMatchObject({ status: 8, stderr: '' });
  expect({ schema, grade: data.grade, required: data.required, suffices: data.suffices }).toEqual({
    schema: 'custard.posture/1',
    grade: 'bad',
    required: null,
    suffices: false,
  });
  const sql: string = data.least_privilege;
  await admin.query(sql.replaceAll('custard_reader', `${NAME}_pasted`).replaceAll('<password>', PASSWORD));
  await using good = await agentSandbox(withDatabase(`${NAME}_pasted`), { REQUIRED_POSTURE: 'good' });
  const after = await runCommand(['agent', 'run', '--check'], good);
  expect(after.status).toBe(0);
  expect(after.stdout).toMatch(/^✓ good: it can read and nothing else\n/);
  expect(after.stdout).not.toMatch('CREATE ROLE');
});

test('REQUIRED_POSTURE keeps the agent from starting, and --check from passing', async () => {
  await admin.query(`GRANT pg_read_all_data TO ${NAME}`);
  await using sandbox = await agentSandbox(withDatabase(NAME), { REQUIRED_POSTURE: 'good' });
  const refused = await runCommand(['agent', 'run'], sandbox);
  expect(refused).toMatchObject({ status: 5, stdout: '' });
  expect(refused.stderr).toMatch('graded acceptable, and good is required. The role is a member of pg_read');
  expect(refused.stderr).toMatch('custard agent run --check');
  const checked = await runCommand(['agent', 'run', '--check'], sandbox);
  expect(checked.status).toBe(8);
  expect(checked.stdout).toMatch('! acceptable: ');
  expect(checked.stderr).toMatch('the agent would not start');
  const wrong = await runCommand(['agent', 'run'], { ...sandbox, env: { ...sandbox.env, REQUIRED_POSTURE: 'best' } });
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toMatch('REQUIRED_POSTURE: expected good or acceptable');
});

test('an agent that starts logs the grade in one line', async () => {
  await using sandbox = await agentSandbox(withDatabase(NAME));
  const agent = runInTerminal({ args: ['agent', 'run'], columns: 200, sandbox });
  await agent.shows('The database role is graded acceptable, it could do a little more than read');
  await agent.shows('Connecting to');
  agent.type('\u0003');
  await agent.ended;
});

test('findings are wrapped to the terminal, and hold nothing it would act on', async () => {
  await admin.query('CREATE TABLE "a\u001b[2Jb" (id int)');
  await admin.query(`ALTER TABLE "a\u001b[2Jb" OWNER TO ${NAME}`);
  await using sandbox = await agentSandbox(withDatabase(NAME), { NO_COLOR: '1' });
  const check = runInTerminal({ args: ['agent', 'run', '--check'], columns: 50, sandbox });
  await check.shows('BEGIN;');
  expect(await check.ended).toBe(8);
  const findings = check.output().split('-- A role')[0] ?? '';
  expect(findings).toContain('a␛[2Jb');
  expect(findings).not.toContain('\u001b[2J');
  const indented = findings.split('\r\n').filter((line) => line.startsWith(' '));
  expect(indented.length).toBeGreaterThan(3);
  expect(indented.filter((line) => line.length > 50)).toEqual([]);
  await admin.query('DROP TABLE "a\u001b[2Jb"');
});

test('doctor has a check of the role, with what to paste unless it is good', async () => {
  await using sandbox = await createSandbox();
  const { status, stdout } = await runCommand(['doctor', '--db', withDatabase()], sandbox);
  expect(status).toBe(0);
  expect(stdout).toMatch('! warn role: bad, it could do much more than read: The role ');
  expect(stdout).toContain('CREATE ROLE custard_reader LOGIN');
  const path = join(sandbox.directory, 'shop.db');
  new DatabaseSync(path).exec('CREATE TABLE t (a)');
  await chmod(path, 0o666);
  const json = await runCommand(['doctor', '--db', `sqlite:${path}`, '--json'], sandbox);
  const { checks } = JSON.parse(json.stdout).data;
  const role = checks.find(({ check }: { check: string }) => check === 'role');
  expect(role).toMatchObject({ status: 'warn', remedy: expect.stringContaining(`chmod g+r,g-w,o-w '${path}'`) });
});
