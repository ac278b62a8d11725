import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { widthOf } from '#cli/output/cells.ts';
import {
  type Answer,
  CONNECTION,
  headLines,
  json,
  line,
  resultText,
  startFakeControlPlane,
  streaming,
} from './fake-control-plane.ts';
import { createSandbox } from './run-command.ts';
import { runInTerminal } from './run-in-terminal.ts';

const columns = ['id', 'customer', 'comment', 'country', 'city', 'street', 'phone', 'mail', 'rating'].map((name) => ({
  name,
  type: 'text',
  kind: 'text' as const,
}));
const rows = [
  [
    '1',
    '日本商事株式会社の東京支店',
    'a\u001b[2Jb\u202e',
    'Österreich',
    'Wien',
    'Straße 1',
    null,
    'x@example.com',
    '👍🏽',
  ],
  ['2', 'Zoë', 'a very long comment that does not fit', 'DE', 'B', 'C', '1', 'y', '-'],
];

const BOLD = '\u001b[1m';
/** What the rows would do to the terminal. */
const STEERING = ['\u001b[2J', '\u202e'];
/** What stood in the line before this is gone. */
const CLEARED = '\r\u001b[2K';

async function onTerminal(answer: Answer, options: { columns?: number; args?: string[]; env?: NodeJS.ProcessEnv }) {
  await using server = await startFakeControlPlane({ 'POST /api/v1/query': answer });
  await using sandbox = await createSandbox({
    CUSTARD_API_URL: server.url,
    CUSTARD_CONNECTION: 'shop',
    ...options.env,
  });
  const { columns = 80, args = [] } = options;
  const run = runInTerminal({ args: ['sql', 'SELECT 1', ...args], columns, sandbox });
  const status = await run.ended;
  const output = run.output();
  const lines = output.split('\r\n').map((found) => stripVTControlCharacters(found.split(CLEARED).at(-1) ?? ''));
  return { status, output, lines, text: lines.join('\n') };
}

test.each([40, 60, 80, 200])('a table fits %i columns, and says what it left out', async (width) => {
  const { text, lines, output } = await onTerminal(streaming(resultText({ columns, rows })), { columns: width });
  const table = lines.filter((found) => /[│┼]/.test(found));
  expect(table).toHaveLength(4);
  for (const found of table) expect(widthOf(found)).toBeLessThanOrEqual(width);
  if (width < 80) expect(text).toMatch(/warning: \d of 9 columns do not fit here; -o vertical shows them all/);
  if (width < 200) expect(text).toMatch('cut to fit the terminal');
  expect(text).toMatch('2 rows · 0.01s');
  for (const code of STEERING) expect(output).not.toContain(code);
});

test.each([
  ['csv', 'a␛[2Jb\\u202e'],
  ['tsv', 'a␛[2Jb\\u202e'],
  ['ndjson', 'a\\u001b[2Jb\\u202e'],
  ['vertical', 'a␛[2Jb\\u202e'],
])('%s is escaped on a terminal', async (format, shown) => {
  const answer = streaming(resultText({ columns, rows }));
  const { text, output } = await onTerminal(answer, { args: ['-o', format] });
  expect(text).toMatch(shown);
  for (const code of STEERING) expect(output).not.toContain(code);
});

test('--raw passes the bytes', async () => {
  const { output } = await onTerminal(streaming(resultText({ columns, rows })), { args: ['-o', 'csv', '--raw'] });
  expect(output).toMatch('a\u001b[2Jb\u202e');
});

test('colours on a terminal; none with NO_COLOR, --no-color or TERM=dumb', async () => {
  const answer = streaming(resultText({ columns, rows }));
  expect((await onTerminal(answer, {})).output).toContain(BOLD);
  for (const options of [{ env: { NO_COLOR: '1' } }, { args: ['--no-color'] }, { env: { TERM: 'dumb' } }]) {
    expect((await onTerminal(answer, options)).output).not.toContain(BOLD);
  }
});

test('steps are shown while they run; none in CI, with --json or -q', async () => {
  const answer = streaming(resultText({ columns, rows }));
  expect((await onTerminal(answer, {})).output).toMatch(/✓ schema 0\.00s/);
  for (const options of [{ env: { CI: '1' } }, { args: ['--json'] }, { args: ['-q'] }]) {
    expect((await onTerminal(answer, options)).output).not.toMatch('schema 0');
  }
});

test('no progress is left before the result', async () => {
  const step = (state: string) => line({ type: 'step', step: 'run', state, elapsed_ms: 5 });
  const withSteps = (text: string) =>
    text
      .replace('{"type":"columns"', `${step('started')}{"type":"columns"`)
      .replace('{"type":"done"', `${step('done')}{"type":"done"`);
  const run = withSteps(resultText({ columns, rows }));
  expect((await onTerminal(streaming(run), { columns: 200 })).lines[0]).toMatch(/^id │/);
  const dry = withSteps(resultText({ columns, rows: [] })).replace(/.*"type":"columns".*\n/, '');
  expect((await onTerminal(streaming(dry), { args: ['--dry-run'] })).lines.slice(0, 4)).toEqual([
    'SELECT 1',
    '',
    '✓ allowed · not run',
    'checked, not run · reads orders · 0.01s',
  ]);
});

test('Ctrl-C says "Cancelled." and ends with 130, with the query gone', async () => {
  const hanging: Answer = async (response) => {
    const step = line({ type: 'step', step: 'run', state: 'started', elapsed_ms: 5 });
    response.writeHead(200, { 'content-type': 'application/x-ndjson' }).write(headLines({ columns, rows: [] }) + step);
    await once(response, 'close');
  };
  await using server = await startFakeControlPlane({ 'POST /api/v1/query': hanging });
  await using sandbox = await createSandbox({ CUSTARD_API_URL: server.url, CUSTARD_CONNECTION: 'shop' });
  const run = runInTerminal({ args: ['sql', 'SELECT 1'], columns: 80, sandbox });
  await run.shows('query');
  run.type('\u0003');
  expect(await run.ended).toBe(130);
  expect(run.output()).toMatch('Cancelled.');
  await server.clientLeft;
});

test('a deletion is asked about on a terminal: only a yes does it', async () => {
  await using server = await startFakeControlPlane({
    'GET /api/v1/connections': json({ connections: [CONNECTION] }),
    'DELETE /api/v1/connections/con_1': json({}),
  });
  await using sandbox = await createSandbox({ CUSTARD_API_URL: server.url });
  const asked = async (answer: string) => {
    const run = runInTerminal({ args: ['connections', 'delete', 'shop'], columns: 80, sandbox });
    await run.shows('[y/N]');
    run.type(answer);
    return run.ended;
  };
  expect(await asked('\r')).toBe(2);
  expect(await asked('\u0003')).toBe(130);
  expect(server.requests.some(({ method }) => method === 'DELETE')).toBe(false);
  expect(await asked('y\r')).toBe(0);
  expect(server.requests.some(({ method }) => method === 'DELETE')).toBe(true);
});
