import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FileBench } from './testing/file-bench.ts';

let bench: FileBench;
beforeAll(async () => {
  bench = await FileBench.create();
});
afterAll(() => bench[Symbol.asyncDispose]());

/** A column's values, and what it becomes. */
const COLUMNS: readonly (readonly [values: readonly string[], type: string, cells: readonly unknown[]])[] = [
  [['007', '12'], 'VARCHAR', ['007', '12']],
  [['+49', '12'], 'VARCHAR', ['+49', '12']],
  [['1', '-2', ''], 'BIGINT', [1, -2, null]],
  [[' 1', '2 '], 'BIGINT', [1, 2]],
  [['9007199254740993', '1'], 'BIGINT', ['9007199254740993', 1]],
  [['9223372036854775808', '1'], 'HUGEINT', ['9223372036854775808', 1]],
  [['1'.repeat(40), '1'], 'VARCHAR', ['1'.repeat(40), '1']],
  [['1.10', '-.5'], 'DECIMAL(18,2)', ['1.10', '-0.50']],
  [['0.1234567', '12'], 'DOUBLE', [0.1234567, 12]],
  [['0.30000000000000004', '1e-7'], 'DOUBLE', [0.30000000000000004, 1e-7]],
  [['0.12345678901234567890', '1'], 'DECIMAL(38,20)', ['0.12345678901234567890', '1.00000000000000000000']],
  [['1.5', 'n/a'], 'DECIMAL(18,1)', ['1.5', null]],
  [['x', 'NA'], 'VARCHAR', ['x', 'NA']],
  [['NA', 'NA'], 'VARCHAR', ['NA', 'NA']],
  [['1,5', '2'], 'VARCHAR', ['1,5', '2']],
  [['true', 'FALSE'], 'BOOLEAN', [true, false]],
  [['yes', 'no'], 'VARCHAR', ['yes', 'no']],
  [['2024-02-29', '1999-12-31'], 'DATE', ['2024-02-29', '1999-12-31']],
  [['2024-02-30', '1999-12-31'], 'VARCHAR', ['2024-02-30', '1999-12-31']],
  [['2024/2/9', '1999/12/31'], 'DATE', ['2024-02-09', '1999-12-31']],
  [['13/04/2024', '03/04/2024'], 'DATE', ['2024-04-13', '2024-04-03']],
  [['04/13/2024', '4/3/2024'], 'DATE', ['2024-04-13', '2024-04-03']],
  [['03.04.2024', '4.4.2024'], 'DATE', ['2024-04-03', '2024-04-04']],
  [['03/04/2024', '04/04/2024'], 'VARCHAR', ['03/04/2024', '04/04/2024']],
  [['04/13/2024 10:30', '04/13/2024 9:05'], 'TIMESTAMP', ['2024-04-13 10:30:00', '2024-04-13 09:05:00']],
  [
    ['2024-02-29 10:00', '2024-02-29T10:00:00.123456'],
    'TIMESTAMP',
    ['2024-02-29 10:00:00', '2024-02-29 10:00:00.123456'],
  ],
  [['2024-02-29T10:00:00.123456789', '2024-02-29'], 'VARCHAR', ['2024-02-29T10:00:00.123456789', '2024-02-29']],
  [['2024-02-29T10:00:00Z', '2024-02-29T10:00:00+05:30'], 'TIMESTAMP', ['2024-02-29 10:00:00', '2024-02-29 04:30:00']],
  [['10:00', '23:59:59.5'], 'TIME', ['10:00:00', '23:59:59.5']],
  [['', ''], 'VARCHAR', [null, null]],
];

const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;

/** Columns side by side; the shorter ones go on with nothing. */
function toCsv(columns: readonly (readonly string[])[]): string {
  const lines = [0, 1, 2].map((row) => columns.map((values) => quoted(values[row] ?? '')).join(','));
  return `${columns.map((_, index) => `c${index}`).join(',')}\n${lines.join('\n')}\n`;
}

test('texts become what they can be without losing anything', async () => {
  const { rows, columns, tables } = await bench.openOne('types.csv', toCsv(COLUMNS.map(([values]) => values)));
  expect(await columns()).toEqual(COLUMNS.map(([, type], index) => `c${index} ${type}`));
  const data = await rows('SELECT * FROM types');
  for (const [index, [values, , cells]] of COLUMNS.entries()) {
    expect(
      values.map((_, row) => data[row]?.[index]),
      values.join(' '),
    ).toEqual(cells);
  }
  expect(tables[0]?.notes).toEqual([
    'types.csv: the column c11 has NA or the like for "no value".',
    'types.csv: the column c23 stays text: its dates may begin with the day or with the month.',
  ]);
});

test('what the first rows look like does not decide for the others', async () => {
  const early = '1,2024-01-02,1.5\n'.repeat(5_000);
  const { columns, rows } = await bench.openOne('late.csv', `a,b,c\n${early}007,2024-01-02 10:00,1e3\n`);
  expect(await columns()).toEqual(['a VARCHAR', 'b TIMESTAMP', 'c DOUBLE']);
  expect(await rows('SELECT * FROM late OFFSET 5000')).toEqual([['007', '2024-01-02 10:00:00', 1000]]);
});

test('commas for points beside semicolons, unless they may part thousands', async () => {
  const { columns, rows, tables } = await bench.openOne('comma.csv', 'a;b;c\n1,5;1,234;0,125\n20;2,000;7,250\n');
  expect(await columns()).toEqual(['a DECIMAL(18,1)', 'b VARCHAR', 'c DECIMAL(18,3)']);
  expect(await rows('SELECT sum(a), min(b) FROM comma')).toEqual([['21.5', '1,234']]);
  expect(tables[0]?.notes).toEqual([expect.stringContaining('the column b stays text')]);
});

test('JSON: numbers exact, dates as in CSV, mixed values apart', async () => {
  const { columns, rows } = await bench.openOne(
    'types.json',
    `[{"n":1,"big":12345678901234567890123,"d":"2024-02-29","t":"2024-02-29 10:00","zip":"007","x":1,"o":{"a":[1]},"m":"03/04/2024"},
      {"n":-2,"big":1,"d":"2024-03-01","t":null,"zip":"12","x":"1","later":true}]`,
  );
  expect(await columns()).toEqual(
    [
      'n BIGINT',
      'big HUGEINT',
      'd DATE',
      't TIMESTAMP',
      'zip VARCHAR',
      'x JSON',
      'o STRUCT(a BIGINT[])',
      'm VARCHAR',
    ].concat('later BOOLEAN'),
  );
  expect(await rows('SELECT big, x, zip FROM types')).toEqual([
    ['12345678901234567890123', '1', '007'],
    [1, '"1"', '12'],
  ]);
});

/** Texts of every kind that is looked for, and near misses. */
const KINDS = [
  fc.constantFrom(
    '',
    'NA',
    'true',
    '0',
    '-0',
    '00',
    '1.',
    '.5',
    '1e5',
    '1E400',
    'NaN',
    'infinity',
    '"',
    ',',
    '\n',
    ' 7',
  ),
  fc.integer().map(String),
  fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map(String),
  fc.double({ noNaN: true }).map(String),
  fc.stringMatching(/^-?\d{0,20}[.,]?\d{0,20}$/),
  fc.stringMatching(/^[0-3]?\d[./-][01]?\d[./-]20\d\d( \d\d:\d\d)?$/),
  fc.stringMatching(/^20\d\d-[01]\d-[0-3]\d([ T][0-2]\d:\d\d(:\d\d(\.\d{1,9})?)?Z?)?$/),
  fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => text.replaceAll(/[\0\r]/g, '')),
];
/** Three values, mostly of one kind. */
const column = fc.oneof(
  ...KINDS.map((kind) =>
    fc.tuple(kind, kind, fc.oneof({ weight: 5, arbitrary: kind }, { weight: 1, arbitrary: fc.oneof(...KINDS) })),
  ),
);

test('a number or a text comes back as it stood in the file', { timeout: 60_000 }, async () => {
  const columns = fc.array(column, { minLength: 100, maxLength: 100 });
  const property = fc.asyncProperty(columns, async (given) => {
    const opened = await bench.openOne('texts.csv', toCsv(given));
    const types = await opened.columns();
    const data = await opened.rows('SELECT * FROM texts');
    for (const [index, values] of given.entries()) {
      const type = types[index]?.replace(/^c\d+ /, '') ?? '';
      for (const [row, text] of values.entries()) expectSame(text, data[row]?.[index], type);
    }
    await opened.connector.close();
  });
  await fc.assert(property, { numRuns: 3, endOnFailure: true });
});

const MARKER = /^\s*(?:NA|NaN)?\s*$/;

function expectSame(text: string, cell: unknown, type: string): void {
  const told = `${JSON.stringify(text)} as ${type}`;
  if (type === 'VARCHAR') expect(cell ?? '', told).toBe(text);
  else if (cell === null || cell === undefined) expect(text, told).toMatch(MARKER);
  else if (type === 'BIGINT' || type === 'HUGEINT') expect(String(cell), told).toBe(text.trim());
  else if (type === 'DOUBLE' || type.startsWith('DECIMAL')) expect(plain(String(cell)), told).toBe(plain(text.trim()));
  else expect(String(cell).replaceAll(/\D/g, '').length, told).toBeGreaterThanOrEqual(0);
}

/** A number's digits and the place of its point, however it is written. */
function plain(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
