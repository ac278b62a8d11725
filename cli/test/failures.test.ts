import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { expect, test } from 'vitest';
import {
  type Answer,
  doneLine,
  failing,
  headLines,
  line,
  resultText,
  rowLines,
  startFakeControlPlane,
  startLine,
  streaming,
} from './fake-control-plane.ts';
import { COMMAND, createSandbox, runCommand } from './run-command.ts';

const columns = [{ name: 'n', type: 'int4', kind: 'integer' as const }];
const rows = [[1], [2], [3]];

async function run(answer: Answer, args: readonly string[] = []) {
  await using server = await startFakeControlPlane({ 'POST /api/v1/query': answer });
  const env = { CUSTARD_API_URL: server.url, CUSTARD_CONNECTION: 'shop', CUSTARD_TOKEN: 'custard_some' };
  await using sandbox = await createSandbox(env);
  return { ...(await runCommand(['sql', 'SELECT 1', ...args], sandbox)), requests: server.requests };
}

/** Sends this much of a stream, then cuts the connection. */
const cutting =
  (text: string): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write(text, () => response.destroy());
  };

test.each([
  ['NOT_READ_ONLY', 422, 5],
  ['QUERY_TIMEOUT', 504, 124],
  ['AGENT_OFFLINE', 503, 3],
  ['UNAUTHENTICATED', 401, 4],
  ['NOT_FOUND', 404, 6],
  ['UNSURE', 422, 9],
])('%s from the server: status %i, exit %i, code and request id told', async (code, http, exit) => {
  const answer = failing(http, { code, message: 'It did not work.', hint: 'Do this.' });
  const text = await run(answer);
  expect(text).toMatchObject({ status: exit, stdout: '' });
  expect(text.stderr).toBe(`error: It did not work. (${code})\nDo this.\nrequest req-1\n`);
  const asJson = await run(answer, ['--json']);
  expect(asJson).toMatchObject({ status: exit, stderr: '' });
  expect(JSON.parse(asJson.stdout)).toMatchObject({
    schema: 'custard.error/1',
    error: { code, message: 'It did not work.', hint: 'Do this.', request_id: 'req-1' },
  });
});

test('an error in mid-stream: nothing looks like a whole result', async () => {
  const text = headLines({ columns, rows }) + rowLines(rows);
  const failed = line({ type: 'error', error: { code: 'AGENT_LOST', message: 'Gone.' }, request_id: 'req-2' });
  const asJson = await run(streaming(text + failed), ['--json']);
  expect(asJson.status).toBe(3);
  expect(JSON.parse(asJson.stdout).error).toMatchObject({ code: 'AGENT_LOST', request_id: 'req-2' });
  const events = await run(streaming(text + failed), ['-o', 'ndjson']);
  expect(events.status).toBe(3);
  expect(events.stdout.startsWith(text)).toBe(true);
  expect(JSON.parse(events.stdout.slice(text.length))).toMatchObject({ type: 'error', error: { code: 'AGENT_LOST' } });
});

test.each([
  ['a connection that breaks', cutting(headLines({ columns, rows }) + rowLines(rows))],
  ['a connection that breaks inside a row', cutting(`${headLines({ columns, rows })}{"type":"row","ro`)],
  ['a stream that ends too early', streaming(headLines({ columns, rows }) + rowLines(rows))],
  ['rows that got lost', streaming(headLines({ columns, rows }) + rowLines(rows.slice(1)) + doneLine(rowLines(rows)))],
  [
    'rows that were changed',
    streaming(headLines({ columns, rows }) + rowLines([[1], [2], [4]]) + doneLine(rowLines(rows))),
  ],
])('%s is never a result', async (_, answer) => {
  for (const format of ['ndjson', 'csv', 'json', 'table']) {
    const { status, stdout, stderr } = await run(answer, ['-o', format]);
    expect({ format, status }).toEqual({ format, status: 3 });
    expect(stdout + stderr).toMatch('RESULT_INCOMPLETE');
  }
});

test('a clarification: the question is told, with what may be answered', async () => {
  const clarify = line({
    type: 'clarify',
    question: 'Which date?',
    choices: ['ordered_at', 'paid_at'],
    request_id: 'r',
  });
  const { status, stderr } = await run(streaming(startLine + clarify));
  expect(status).toBe(7);
  expect(stderr).toMatch('Which date?');
  expect(stderr).toMatch('ordered_at, paid_at');
  const events = await run(streaming(startLine + clarify), ['-o', 'ndjson']);
  expect(events.stdout).toBe(startLine + clarify);
});

test('what is not a Custard server is told as such', async () => {
  const page: Answer = (response) =>
    void response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway');
  const { status, stderr } = await run(page);
  expect(status).toBe(3);
  expect(stderr).toMatch('answered /api/v1/query with 502');
});

test('a server that is not there', async () => {
  await using sandbox = await createSandbox({ CUSTARD_API_URL: 'http://127.0.0.1:9' });
  const { status, stderr } = await runCommand(['ask', 'how many?'], sandbox);
  expect(status).toBe(3);
  expect(stderr).toMatch('Cannot reach http://127.0.0.1:9: nothing listens there. (SERVER_UNREACHABLE)');
});

test('a server that never answers: TIMEOUT', async () => {
  const never = Promise.withResolvers<void>();
  await using server = await startFakeControlPlane({ 'GET /ready': () => never.promise });
  await using sandbox = await createSandbox({ CUSTARD_API_URL: server.url });
  const { stdout } = await runCommand(['doctor', '--json'], sandbox);
  expect(stdout).toMatch(`No answer from ${server.url} within 5 s`);
}, 20_000);

test('truncation is told even when quiet', async () => {
  const { stderr, status } = await run(streaming(resultText({ columns, rows, truncated: true })), [
    '-q',
    '--max-rows',
    '3',
  ]);
  expect(stderr).toBe('warning: The result is cut at 3 rows; there are more.\n');
  expect(status).toBe(0);
});

test('hostile text from the server cannot steer the terminal', async () => {
  const answer = failing(422, { code: 'QUERY_FAILED', message: 'bad\u001b]52;c;aGk=\u0007 \u202ename\rerror: fine' });
  const { stderr } = await run(answer);
  expect(stderr.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
  expect(stderr).toMatch('bad␛]52;c;aGk=␇ \\u202ename␍error: fine');
});

test('a closed pipe ends the command silently with 141 and cancels the query', async () => {
  const many = rowLines(Array.from({ length: 2_000 }, (_, n) => [n]));
  const endless: Answer = async (response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const events = function* () {
      yield headLines({ columns, rows: [] });
      while (true) yield many;
    };
    // It ends when the client goes
    await pipeline(events, response).catch(() => undefined);
  };
  await using server = await startFakeControlPlane({ 'POST /api/v1/query': endless });
  await using sandbox = await createSandbox({ CUSTARD_API_URL: server.url, CUSTARD_CONNECTION: 'shop' });
  for (const format of ['csv', 'ndjson']) {
    const pipeline = `"$0" "$@"; echo "status $?" >&2`;
    const child = spawn('sh', ['-c', `{ ${pipeline} ; } | head -1`, ...COMMAND, 'sql', 'SELECT 1', '-o', format], {
      cwd: sandbox.directory,
      env: sandbox.env,
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.stdout.resume();
    await once(child, 'close');
    expect(stderr).toBe('status 141\n');
  }
  await server.clientLeft;
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s cancels on the server and ends with %i', async (signal, status) => {
  const begun = Promise.withResolvers<void>();
  const never: Answer = (response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' }).write(headLines({ columns, rows: [] }));
    begun.resolve();
    return once(response, 'close').then(() => undefined);
  };
  await using server = await startFakeControlPlane({ 'POST /api/v1/query': never });
  await using sandbox = await createSandbox({ CUSTARD_API_URL: server.url, CUSTARD_CONNECTION: 'shop' });
  const child = spawn(COMMAND[0], [COMMAND[1], 'sql', 'SELECT 1'], { cwd: sandbox.directory, env: sandbox.env });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  await begun.promise;
  child.kill(signal);
  const [code] = await once(child, 'close');
  expect({ code, stderr }).toEqual({ code: status, stderr: 'Cancelled.\n' });
  await server.clientLeft;
});

test('--out: the file appears whole, or not at all', async () => {
  await using server = await startFakeControlPlane({
    'POST /api/v1/query': (response, request) => {
      const isGood = JSON.stringify(request.body).includes('good');
      return (isGood ? streaming(resultText({ columns, rows })) : cutting(headLines({ columns, rows })))(
        response,
        request,
      );
    },
  });
  await using sandbox = await createSandbox({ CUSTARD_API_URL: server.url, CUSTARD_CONNECTION: 'shop' });
  const path = join(sandbox.directory, 'result.csv');
  expect(await runCommand(['sql', 'good', '--out', 'result.csv'], sandbox)).toEqual({
    status: 0,
    stdout: '',
    stderr: '',
  });
  expect(await readFile(path, 'utf8')).toBe('n\n1\n2\n3\n');
  expect((await runCommand(['sql', 'bad', '--out', 'result.csv'], sandbox)).status).toBe(3);
  expect(await readFile(path, 'utf8')).toBe('n\n1\n2\n3\n');
  expect(await readdir(sandbox.directory)).toEqual(['result.csv']);
  const nowhere = await runCommand(['sql', 'good', '--out', 'no/such/folder.csv', '--json'], sandbox);
  expect(nowhere.status).toBe(1);
  expect(JSON.parse(nowhere.stdout).error.code).toBe('OUTPUT_FAILED');
});

test('--fail-on-empty: the result as ever, and 8', async () => {
  const empty = streaming(resultText({ columns, rows: [] }));
  expect(await run(empty, ['--fail-on-empty'])).toMatchObject({ status: 8, stderr: 'warning: There are no rows.\n' });
  const asJson = await run(empty, ['--fail-on-empty', '--json']);
  expect(asJson).toMatchObject({ status: 8, stderr: '' });
  expect(JSON.parse(asJson.stdout).data.row_count).toBe(0);
  expect((await run(streaming(resultText({ columns, rows })), ['--fail-on-empty'])).status).toBe(0);
});

test('a disk that is full', async () => {
  const help = spawnSync('sh', ['-c', 'exec "$0" "$@" > /dev/full', ...COMMAND, '--help'], { encoding: 'utf8' });
  expect(help).toMatchObject({ status: 1, stderr: expect.stringMatching('the disk is full. \\(OUTPUT_FAILED\\)') });
  await using server = await startFakeControlPlane({ 'POST /api/v1/query': streaming(resultText({ columns, rows })) });
  await using sandbox = await createSandbox({ CUSTARD_API_URL: server.url, CUSTARD_CONNECTION: 'shop' });
  for (const [redirect, place] of [
    ['> /dev/full', 'the output'],
    ['--out /dev/full', '/dev/full'],
  ] as const) {
    const child = spawn('sh', ['-c', `exec "$0" "$@" ${redirect}`, ...COMMAND, 'sql', 'SELECT 1', '-o', 'csv'], {
      cwd: sandbox.directory,
      env: sandbox.env,
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    const [code] = await once(child, 'close');
    expect(stderr).toMatch(`error: Cannot write ${place}: the disk is full. (OUTPUT_FAILED)`);
    expect(code).toBe(1);
  }
});

test('a bug leaves a report that holds no password', async () => {
  await using sandbox = await createSandbox({ CUSTARD_API_URL: 'http://127.0.0.1:9' });
  await writeFile(
    join(sandbox.directory, 'preload.mjs'),
    `Intl.Segmenter = class { constructor() { throw new Error('oops postgres://u:sec@ret@h/d'); } };`,
  );
  const env = { ...sandbox.env, NODE_OPTIONS: `--import=${join(sandbox.directory, 'preload.mjs')}` };
  const { status, stderr, stdout } = await runCommand(['sql', 'SELECT 1', '--json'], { ...sandbox, env });
  expect({ status, stderr }).toEqual({ status: 70, stderr: '' });
  const { error } = JSON.parse(stdout);
  const path = /is in (\S+),/.exec(error.hint)?.[1] ?? '';
  const report = await readFile(path, 'utf8');
  expect(report).toMatch('oops postgres://u:***@h/d');
  expect(stdout + report).not.toMatch(/sec|ret@/);
});
