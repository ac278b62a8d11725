import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CreatedConnection } from '#core/protocol/api.ts';
import { postgresUrl } from '#core/testing/postgres-url.ts';
import { Program } from './support/programs.ts';
import { Stack } from './support/stack.ts';

/** As it stands in the file. */
const reference = ['$', '{WAREHOUSE_URL}'].join('');

const ENDLESS =
  'SELECT count(*) FROM generate_series(1, 9999) AS a, generate_series(1, 9999) AS b, generate_series(1, 9999) AS c';

/** The agent as people run it: what it logs, how it stops, several of them by a file. */

let stack: Stack;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'custard-agents-'));
  new DatabaseSync(join(directory, 'files.db')).exec('CREATE TABLE t (a)');
  stack = await Stack.start({ databaseUrl: postgresUrl(), agentEnv: { LOG_FORMAT: 'json', LOG_LEVEL: 'debug' } });
});
afterAll(async () => {
  await stack[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

test('the log has what a statement did, and nothing that it said', async () => {
  const canary = 'c4nary';
  const failing = await stack.custard(['sql', `SELECT '${canary}'::int`]);
  expect(failing.stderr).toContain(canary); // PostgreSQL quotes the literal to whoever asked
  for (const statement of [
    `SELECT '${canary}' AS ${canary}`,
    `DELETE FROM t WHERE a = '${canary}'`,
    `SELECT * FROM ${canary}`,
    `SELECT '${canary}`,
  ]) {
    await stack.custard(['sql', statement]);
  }
  const lines = await stack.agent.until('the statements', (output) => {
    const found = output.split('\n').filter((line) => line.includes('"state":"statement"'));
    return found.length < 3 ? null : found.map((line) => JSON.parse(line));
  });
  expect(lines.map(({ outcome, code, engine_code, rows }) => [outcome, code, engine_code, rows])).toEqual([
    ['failed', 'QUERY_FAILED', '22P02', 0],
    ['done', null, null, 1],
    ['failed', 'RELATION_NOT_FOUND', '42P01', 0],
  ]);
  expect(lines[1]).toMatchObject({
    ...{ schema: 'custard.agent-state/1', level: 'info', truncated: false, bytes: expect.any(Number) },
    ...{ id: expect.any(Number), fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) },
    ...{ elapsed_ms: expect.any(Number), waited_ms: 0 },
  });
  const output = await stack.agent.until('anything', (text) => text);
  expect(output).not.toContain(canary);
  expect(output).not.toContain(new URL(postgresUrl()).password || canary);
});

async function agentsFile(databases: Readonly<Record<string, { type: string; yaml: string }>>): Promise<string> {
  const entries: string[] = [];
  for (const [name, { type, yaml }] of Object.entries(databases)) {
    const response = await stack.fetch('/connections', {
      method: 'POST',
      body: JSON.stringify({ name, db_type: type }),
    });
    const { agent_id, api_key } = CreatedConnection.parse(await response.json());
    await writeFile(join(directory, `${name}.key`), `${api_key}\n`);
    entries.push(`  - { name: ${name}, agent_id: ${agent_id}, key_file: ${name}.key, ${yaml} }`);
  }
  const path = join(directory, 'agents.yaml');
  const backend = `${stack.origin.replace('http', 'ws')}/api/v1/connections/ws/{agent_id}`;
  await writeFile(path, `version: 1\nbackend: ${backend}\nconnections:\n${entries.join('\n')}\n`);
  return path;
}

/** Resolves once the connection's status says that a statement runs. */
async function isRunning(name: string): Promise<void> {
  const watch = stack.start(['connections', 'status', name, '--watch']);
  await watch.until('a statement', (output) => /"running":1/.exec(output));
  await watch.stop();
}

test('one of several that fails leaves the others running; SIGTERM ends them all once they have finished', async () => {
  const path = await agentsFile({
    files: { type: 'SQLITE', yaml: `database: { url: "sqlite:${join(directory, 'files.db')}" }` },
    warehouse: { type: 'POSTGRESQL', yaml: `database: { url: "${reference}" }, limits: { statements: 1 }` },
    wrong: { type: 'POSTGRESQL', yaml: `database: { url: "${reference}", name: no_such_database }` },
    unruly: { type: 'SQLITE', yaml: `database: { url: "sqlite:${join(directory, 'files.db')}" }, policy: none.yaml` },
  });
  const env = { ...process.env, WAREHOUSE_URL: postgresUrl() };
  const checked = await new Program(['agent', 'run', '--config', path, '--check', '--json'], env).finished();
  const { data } = JSON.parse(checked.stdout);
  expect(data.checks).toMatchObject([
    { name: 'files', engine: { dialect: 'sqlite' }, schema: { tables: 1, columns: 1, not_readable: 0 } },
    { name: 'warehouse', transport: { is_local: true }, limits: { statements: 1, sessions: 3 } },
    { name: 'wrong', error: { code: 'DATABASE_NOT_FOUND' } },
    { name: 'unruly', error: { code: 'CONFIG_INVALID' } },
  ]);
  const agents = new Program(['agent', 'run', '--config', path], env);
  await agents.until(
    'both',
    (output) => (/files: Connected/.test(output) && /warehouse: Connected/.test(output)) || null,
  );
  await agents.until(
    'the failures',
    (output) => (/wrong: Failed/.test(output) && /unruly: Failed/.test(output)) || null,
  );
  expect((await stack.custard(['sql', '-c', 'files', 'SELECT count(*) FROM t'])).code).toBe(0);
  const slow = 'SELECT count(*) FROM generate_series(1, 8000000) AS i';
  const query = stack.custard(['sql', '-c', 'warehouse', slow]);
  await isRunning('warehouse');
  agents.kill('SIGTERM');
  expect((await query).code).toBe(0);
  const { code, stderr } = await agents.finished();
  expect(code).toBe(0);
  expect(stderr).toMatch(/warehouse: Statement \d+ [0-9a-f]+: done, 1 row/);
});

test('a second signal ends it at once', async () => {
  const { agent } = stack;
  const endless = stack.custard(['sql', ENDLESS]);
  await isRunning('shop');
  agent.kill('SIGTERM');
  await agent.until('the drain', (output) => /"state":"draining"/.exec(output));
  agent.kill('SIGTERM');
  expect((await agent.finished()).code).toBe(143);
  const { code, stderr } = await endless;
  expect(code).toBe(3);
  expect(stderr).toContain('AGENT_LOST');
});
