import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Database } from './support/database.ts';
import type { Finished, Program } from './support/programs.ts';
import { freePort, Stack } from './support/stack.ts';

/** What can go wrong, as a user meets it: three programs of their own, a real PostgreSQL. */

let database: Database;
let stack: Stack;

/** Runs for minutes, in the server alone. */
const ENDLESS = 'SELECT count(*) FROM big AS a CROSS JOIN big AS b WHERE a.n + b.n < 0';
/** A statement is gone within a second; the rest is for a machine that is busy with other tests. */
const GONE_WITHIN_MS = 3_000;
/** Has more rows than anybody waits for. */
const BOTTOMLESS = 'SELECT a.n, b.n FROM big AS a CROSS JOIN big AS b';

beforeAll(async () => {
  database = await Database.create([], ['CREATE TABLE big AS SELECT g AS n FROM generate_series(1, 200000) AS g']);
  stack = await Stack.start({
    databaseUrl: database.readerUrl,
    serverEnv: { CLIENT_STALL_MS: '2000' },
    agentEnv: { MAX_RESULT_BYTES: String(4 * 1024 * 1024) },
  });
});

afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
});

function errorOf({ stdout }: Finished): { code: string; message: string; hint?: string } {
  return JSON.parse(stdout).error;
}

/** A clear end: its exit code, its code, and a hint that says what to do next. */
function expectError(finished: Finished, code: string, exit: number): void {
  expect(errorOf(finished), finished.stdout + finished.stderr).toMatchObject({
    code,
    hint: expect.stringMatching(/\w/),
  });
  expect(finished.code).toBe(exit);
}

async function expectNextQuestionWorks(): Promise<void> {
  const { code, stdout, stderr } = await stack.custard(['sql', 'SELECT max(n) AS n FROM big', '--json']);
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout).data.rows).toEqual([[200_000]]);
}

describe('what is asked', () => {
  const cases: readonly [what: string, args: string[], code: string, exit: number][] = [
    ['no such table', ['sql', 'SELECT * FROM bigg'], 'RELATION_NOT_FOUND', 1],
    ['no such column', ['sql', 'SELECT m FROM big'], 'COLUMN_NOT_FOUND', 1],
    ['a statement that writes', ['sql', 'DELETE FROM big'], 'NOT_READ_ONLY', 5],
    ['a write inside a query', ['sql', 'WITH d AS (DELETE FROM big RETURNING n) SELECT * FROM d'], 'NOT_READ_ONLY', 5],
    ['two statements', ['sql', 'SELECT 1; SELECT 2'], 'MULTIPLE_STATEMENTS', 5],
    ['a function that does more than compute', ['sql', 'SELECT pg_sleep(1)'], 'FUNCTION_NOT_ALLOWED', 5],
    ['no SQL at all', ['sql', 'SELEC 1'], 'STATEMENT_INVALID', 1],
    ['a question nobody can answer', ['ask', 'why is the sky green on thursdays?'], 'UNSURE', 9],
    ['an unknown connection', ['sql', '-c', 'nowhere', 'SELECT 1'], 'NOT_FOUND', 6],
    ['a statement that takes too long', ['sql', '--timeout', '1s', ENDLESS], 'QUERY_TIMEOUT', 124],
    ['a result over the limit', ['sql', '-o', 'ndjson', BOTTOMLESS], 'RESULT_TOO_LARGE', 1],
    ['an unknown flag', ['sql', '--nonsense', 'SELECT 1'], 'USAGE', 2],
  ];
  test.each(cases)('%s', async (_, args, code, exit) => {
    const finished = await stack.custard([...args, ...(args.includes('ndjson') ? [] : ['--json'])]);
    if (args.includes('ndjson')) {
      const last = finished.stdout.trimEnd().split('\n').at(-1) ?? '';
      expect(JSON.parse(last)).toMatchObject({ type: 'error', error: { code, hint: expect.stringMatching(/\w/) } });
      expect(finished.code).toBe(exit);
    } else {
      expectError(finished, code, exit);
    }
    expect(await database.untilGone('%big AS a%')).toBeLessThan(GONE_WITHIN_MS);
    await expectNextQuestionWorks();
  });
});

describe('where it is asked', () => {
  const local = async (url: string): Promise<Finished> =>
    await stack.custard(['sql', 'SELECT 1', '--db', url, '--json']);

  test('a database URL where nothing listens', async () => {
    expectError(await local(`postgres://x@127.0.0.1:${await freePort()}/x`), 'DATABASE_UNREACHABLE', 3);
  });

  test('a database URL that is none', async () => {
    const finished = await local('oracle://x@127.0.0.1/x');
    expectError(finished, 'UNSUPPORTED_ENGINE', 2);
  });

  test('a wrong password, which is never repeated', async () => {
    const url = new URL(database.readerUrl);
    url.password = 'wr0ng-s3cret';
    const finished = await local(url.href);
    expectError(finished, 'DATABASE_AUTH_FAILED', 2);
    expect(finished.stdout + finished.stderr).not.toContain('wr0ng-s3cret');
  });

  test('a database that does not exist', async () => {
    const url = new URL(database.readerUrl);
    url.pathname = '/not_there';
    expectError(await local(url.href), 'DATABASE_NOT_FOUND', 2);
  });

  test('a control plane that is not there', async () => {
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    const finished = await stack.custard(['sql', 'SELECT 1', '--json'], { CUSTARD_API_URL: nowhere });
    expectError(finished, 'SERVER_UNREACHABLE', 3);
    expect(finished.elapsedMs).toBeLessThan(10_000);
  });

  test('a token that is not known', async () => {
    const finished = await stack.custard(['sql', 'SELECT 1', '--json'], { CUSTARD_TOKEN: `custard_${'0'.repeat(36)}` });
    expectError(finished, 'UNAUTHENTICATED', 4);
  });
});

describe('what happens meanwhile', () => {
  /** A statement under way, seen running in the database. */
  async function underWay(args: readonly string[] = ['sql', ENDLESS, '--json', '--timeout', '5m']): Promise<Program> {
    const program = stack.start(args);
    await database.untilRunning('%big AS a%');
    return program;
  }

  test('Ctrl-C', async () => {
    const program = await underWay();
    program.kill('SIGINT');
    expect(await database.untilGone('%big AS a%')).toBeLessThan(GONE_WITHIN_MS);
    const finished = await program.finished();
    expect(finished.code).toBe(130);
    expect(errorOf(finished).code).toBe('QUERY_CANCELED');
    await expectNextQuestionWorks();
  });

  test('the client is killed', async () => {
    const program = await underWay();
    program.kill('SIGKILL');
    expect(await database.untilGone('%big AS a%')).toBeLessThan(GONE_WITHIN_MS);
    await program.finished();
    await expectNextQuestionWorks();
  });

  test('a client that stops reading', async () => {
    const program = await underWay(['sql', BOTTOMLESS, '-o', 'ndjson', '--timeout', '5m']);
    program.kill('SIGSTOP');
    await database.untilGone('%big AS a%');
    program.kill('SIGCONT');
    const finished = await program.finished();
    expect(finished.code).not.toBe(0);
    await expectNextQuestionWorks();
  });

  test('a reader that closes its pipe', async () => {
    const program = await underWay(['sql', BOTTOMLESS, '-o', 'csv', '--timeout', '5m']);
    program.child.stdout?.destroy();
    expect(await database.untilGone('%big AS a%')).toBeLessThan(GONE_WITHIN_MS);
    const finished = await program.finished();
    expect(finished.code).toBe(141);
    expect(finished.stderr).toBe('');
    await expectNextQuestionWorks();
  });

  test('the agent dies', async () => {
    const program = await underWay();
    stack.agent.kill('SIGKILL');
    expectError(await program.finished(), 'AGENT_LOST', 3);
    expect(await database.untilGone('%big AS a%')).toBeLessThan(GONE_WITHIN_MS);
    await stack.until((view) => view.status === 'DISCONNECTED');
    const offline = await stack.custard(['sql', 'SELECT 1', '--json']);
    expectError(offline, 'AGENT_OFFLINE', 3);
    expect(offline.elapsedMs).toBeLessThan(5_000);
    await stack.startAgent();
    await expectNextQuestionWorks();
  });

  test('the agent is told to stop: what is under way finishes first', async () => {
    const program = stack.start(['sql', 'SELECT count(*) AS n FROM big AS a JOIN big AS b USING (n)', '--json']);
    await database.untilRunning('%big AS a JOIN%').catch(() => undefined); // or it was faster than we looked
    await stack.agent.stop();
    const { stdout } = await program.finished();
    expect(JSON.parse(stdout).data.rows).toEqual([['200000']]);
    await stack.startAgent();
    await expectNextQuestionWorks();
  });

  test('the control plane is killed and comes back', async () => {
    const program = await underWay();
    stack.server.kill('SIGKILL');
    const finished = await program.finished();
    expect(errorOf(finished).code).toMatch(/^(SERVER_UNREACHABLE|RESULT_INCOMPLETE)$/);
    expect(finished.code).toBe(3);
    expect(await database.untilGone('%big AS a%')).toBeLessThan(GONE_WITHIN_MS);
    await stack.startControlPlane();
    await stack.until((view) => view.status === 'CONNECTED');
    await expectNextQuestionWorks();
  });

  test('the control plane is told to stop and comes back', async () => {
    await stack.server.stop();
    await stack.startControlPlane();
    await stack.until((view) => view.status === 'CONNECTED');
    await expectNextQuestionWorks();
  });
});
