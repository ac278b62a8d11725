import { expect, test } from 'vitest';
import type { Column } from '#core/values.ts';
import { CONNECTION, json, resultText, startFakeControlPlane, streaming } from './fake-control-plane.ts';
import { createSandbox, runCommand } from './run-command.ts';

const columns: Column[] = [
  { name: 'id', type: 'int8', kind: 'integer' },
  { name: 'name', type: 'text', kind: 'text' },
  { name: 'price', type: 'numeric', kind: 'decimal' },
];
const rows = [
  ['9007199254740993', '日本商事, "KK"', '1200.00'],
  ['2', 'a\u001b[2J|b\nc', null],
  ['3', '', '0.5'],
];

async function run(...args: string[]) {
  await using server = await startFakeControlPlane({
    'GET /api/v1/connections': json({ connections: [CONNECTION] }),
    'POST /api/v1/query': streaming(resultText({ columns, rows })),
  });
  await using sandbox = await createSandbox({ CUSTARD_API_URL: server.url, CUSTARD_TOKEN: 't0' });
  const result = await runCommand(['sql', 'SELECT 1', ...args], sandbox);
  return { ...result, requests: server.requests };
}

test('a table: wide characters, numbers to the right, NULL and control characters shown', async () => {
  const { stdout, stderr, status } = await run();
  expect(stdout).toMatchInlineSnapshot(`
    "              id │ name           │   price
    ─────────────────┼────────────────┼────────
    9007199254740993 │ 日本商事, "KK" │ 1200.00
                   2 │ a␛[2J|b␊c      │       ∅
                   3 │                │     0.5
    "
  `);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
});

test('vertical', async () => {
  expect((await run('-o', 'vertical')).stdout).toMatchInlineSnapshot(`
    "── row 1 ──
    id    │ 9007199254740993
    name  │ 日本商事, "KK"
    price │ 1200.00
    ── row 2 ──
    id    │ 2
    name  │ a␛[2J|b␊c
    price │ ∅
    ── row 3 ──
    id    │ 3
    name  │ 
    price │ 0.5
    "
  `);
});

test('Markdown', async () => {
  expect((await run('-o', 'md')).stdout).toMatchInlineSnapshot(`
    "| id | name | price |
    | ---: | --- | ---: |
    | 9007199254740993 | 日本商事, "KK" | 1200.00 |
    | 2 | a␛[2J\\|b<br>c | ∅ |
    | 3 |  | 0.5 |
    "
  `);
});

test('CSV to a pipe: the bytes as they are, NULL apart from empty text', async () => {
  const { stdout } = await run('-o', 'csv');
  expect(stdout).toBe('id,name,price\n9007199254740993,"日本商事, ""KK""",1200.00\n2,"a\u001b[2J|b\nc",\n3,"",0.5\n');
});

test('TSV', async () => {
  const { stdout } = await run('-o', 'tsv');
  expect(stdout).toBe(
    'id\tname\tprice\n9007199254740993\t日本商事, "KK"\t1200.00\n2\ta\u001b[2J|b\\nc\t\\N\n3\t\t0.5\n',
  );
});

test('ndjson: the event stream, byte for byte', async () => {
  expect((await run('-o', 'ndjson')).stdout).toBe(resultText({ columns, rows }));
});

test('JSON: one custard.answer/1', async () => {
  const { stdout, stderr } = await run('--json');
  expect(JSON.parse(stdout)).toEqual({
    schema: 'custard.answer/1',
    data: {
      id: 'q_1',
      text: null,
      sql: 'SELECT 1',
      connection: 'shop',
      columns,
      rows,
      row_count: 3,
      truncated: false,
      maker: 'user',
      tables: ['orders'],
      assumptions: [],
      reading: [],
    },
    warnings: [],
    meta: { elapsed_ms: 12, request_id: 'req-1', model: null },
  });
  expect(stdout).not.toMatch('\u001b');
  expect(stderr).toBe('');
});

test.each([
  ['table', 1_000],
  ['json', 10_000],
  ['csv', 50_000_000],
  ['ndjson', 50_000_000],
])('-o %s asks for %i rows', async (format, maxRows) => {
  const { requests } = await run('-o', format);
  expect(requests.at(-1)?.body).toMatchObject({ max_rows: maxRows, timeout_ms: 30_000, sql: 'SELECT 1' });
  expect(requests.at(-1)?.authorization).toBe('Bearer t0');
});
