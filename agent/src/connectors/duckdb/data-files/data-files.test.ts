import { mkdir, mkdtemp, rename, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wholeSchema } from '../../whole-schema.ts';
import { toDataFiles } from './data-file.ts';
import { openDataFiles } from './open-data-files.ts';
import { FileBench } from './testing/file-bench.ts';
import { UnreadableFile } from './unreadable.ts';

let bench: FileBench;
beforeAll(async () => {
  bench = await FileBench.create();
});
afterAll(() => bench[Symbol.asyncDispose]());

const utf16 = (text: string, mark: readonly [number, number]): Buffer => {
  const bytes = Buffer.from(text, 'utf16le');
  return Buffer.concat([Buffer.from(mark), mark[0] === 0xfe ? bytes.swap16() : bytes]);
};
const TWO_ROWS = [
  [1, 'ü'],
  [2, 'x'],
];
const CSV = 'a,b\n1,ü\n2,x\n';
const OBJECTS = '{"a":1,"b":"ü"}\n{"a":2,"b":"x"}\n';

const WAYS: readonly (readonly [string, string | Uint8Array])[] = [
  ['plain.csv', CSV],
  ['semicolon.csv', 'a;b\n1;ü\n2;x\n'],
  ['tabs.tsv', 'a\tb\n1\tü\n2\tx\n'],
  ['pipe.txt', 'a|b\n1|ü\n2|x\n'],
  ['crlf.csv', 'a,b\r\n1,ü\r\n2,x'],
  ['cr.csv', 'a,b\r1,ü\r2,x\r'],
  ['bom.csv', `\ufeff${CSV}`],
  ['quoted.csv', '"a","b"\n"1","ü"\n"2","x"\n'],
  ['blank-lines.csv', '\n\na,b\n1,ü\n\n2,x\n\n'],
  ['spare.csv', 'a,b,\n1,ü,\n2,x,\n'],
  ['le.csv', utf16(CSV, [0xff, 0xfe])],
  ['be.csv', utf16(CSV, [0xfe, 0xff])],
  ['packed.csv.gz', gzipSync(CSV)],
  ['packed-unsaid.csv', gzipSync(CSV)],
  ['array.json', '[{"a":1,"b":"ü"},\n {"a":2,"b":"x"}]'],
  ['bom.json', '\ufeff[{"a":1,"b":"ü"},{"a":2,"b":"x"}]'],
  ['within.json', '{"count": 2, "data": [{"a":1,"b":"ü"},{"a":2,"b":"x"}]}'],
  ['lines.ndjson', OBJECTS],
  ['lines.jsonl', `\n${OBJECTS}\n\n`],
  ['lines.json', OBJECTS],
  ['documents.json', '{\n"a":1,\n"b":"ü"}\n{"a":2,\n"b":"x"}'],
  ['packed.ndjson.gz', gzipSync(OBJECTS)],
  ['unnamed', OBJECTS],
  ['unnamed-csv', CSV],
];

describe('one content, however it is written', () => {
  test('as CSV and JSON', async () => {
    for (const [name, content] of WAYS) await bench.write(name, content);
    const { rows, tables, connector } = await bench.open(...WAYS.map(([name]) => name));
    const described = await wholeSchema(connector, { signal: AbortSignal.timeout(20_000) });
    for (const [index, [label]] of WAYS.entries()) {
      const table = tables[index]?.table ?? '';
      expect(await rows(`SELECT * FROM "${table}"`), label).toEqual(TWO_ROWS);
      const columns = described.tables.find(({ name }) => name === table)?.columns;
      expect(columns, label).toMatchObject([
        { name: 'a', type: 'BIGINT' },
        { name: 'b', type: 'VARCHAR' },
      ]);
      expect(tables[index], label).toEqual({ label, table, rows: 2, columns: 2, notes: [] });
    }
  });

  test('Parquet, with the types it has, under any name', async () => {
    const owner = await (await DuckDBInstance.create(':memory:')).connect();
    const path = join(bench.folder, 'real.parquet');
    await owner.run(`COPY (SELECT 1::TINYINT AS a, '007' AS b, [1, 2] AS c) TO '${path}' (FORMAT parquet)`);
    owner.closeSync();
    const { rows, columns } = await bench.open('real.parquet');
    expect(await columns()).toEqual(['a TINYINT', 'b VARCHAR', 'c INTEGER[]']);
    expect(await rows('SELECT * FROM "real"')).toEqual([[1, '007', '[1,2]']]);
    await rename(path, join(bench.folder, 'misnamed.csv'));
    expect((await bench.open('misnamed.csv')).tables).toMatchObject([{ table: 'misnamed', rows: 1 }]);
  });

  test('a line of 10 MB, names that are keywords, doubled or missing, line ends in quotes', async () => {
    const { rows } = await bench.openOne('wide.csv', `select,Select,,"a ""b"""\n1,"x\ny",,${'z'.repeat(10_000_000)}\n`);
    expect(await rows('SELECT "select", "Select_2", column_3, length("a ""b""") FROM wide')).toEqual([
      [1, 'x\ny', null, 10_000_000],
    ]);
  });

  test('a header alone; rows alone, which is told', async () => {
    const header = await bench.openOne('header.csv', 'a,b\n');
    expect(header.tables).toMatchObject([{ rows: 0, columns: 2, notes: [] }]);
    const bare = await bench.openOne('bare.csv', '1,x\n2,y\n');
    expect(bare.tables).toMatchObject([{ rows: 2, notes: [expect.stringContaining('column_1')] }]);
    const years = await bench.openOne('years.csv', 'country,2001,2002\nFR,1,2\n');
    expect(await years.columns()).toEqual(['country VARCHAR', '2001 BIGINT', '2002 BIGINT']);
  });
});

describe('what cannot be read whole is an error that says where', () => {
  test.each<[string, string | Uint8Array, RegExp]>([
    ['empty.csv', '', /^empty\.csv is empty/],
    ['blank.csv', '\n\n  \n', /blank/],
    ['short.csv', 'a,b,c\n1,2,3\n"4\n5",6\n', /^short\.csv, line 3: it has 2 fields where the first line has 3/],
    ['after-quotes.csv', 'a,b\n"1\n\n2",3\n4,5,6\n', /^after-quotes\.csv, line 5: it has 3 fields/],
    ['latin1.csv', Buffer.from('a,b\n1,x\n2,ü\n', 'latin1'), /^latin1\.csv, line 3: it is not UTF-8/],
    ['open-quote.csv', 'a,b\n1,x\n2,"y\n3,z\n', /^open-quote\.csv, line 3: a double quote/],
    ['zero.csv', 'a,b\n1,x\0y\n', /zero bytes/],
    ['title.csv', 'Report of May\na,b\n1,2\n', /^title\.csv, line 2: it has 2 fields where the first line has 1/],
    ['mixed-ends.csv', 'a,b\r\n1,2\n3,4\r\n', /line ends/],
    ['broken.csv.gz', gzipSync(CSV).subarray(0, 20), /damaged gzip/],
    ['late.csv', utf16('a\nx', [0xff, 0xfe]).subarray(0, -1), /UTF-16/],
    [
      'broken.json',
      '[{"a":1},\n{"a":2},\n{"a":tru},\n{"a":4}]',
      /^broken\.json, line 3: the object that begins there is no/,
    ],
    ['broken.ndjson', '{"a":1}\n\n{"a":2}\n{"a":3,,}\n{"a":4}\n', /^broken\.ndjson, line 4: /],
    ['latin1.json', Buffer.from('[{"a":"x"},\n{"a":"ü"}]', 'latin1'), /^latin1\.json, line 2: /],
    ['unended.json', '[{"a":1},\n{"a":2},\n', /^unended\.json ends in the middle of the record that begins in line 2/],
    ['more.json', '[{"a":1}]\n[{"a":2}]', /^more\.json, line 2: something follows/],
    ['twice.json', '[{"a":1},\n{"a":2,"a":3}]', /^twice\.json, line 2: .* has a key twice/],
    ['numbers.json', '[{"a":1},\n2]', /^numbers\.json, line 2: what begins there is no object/],
    ['nothing.json', '[]', /holds no objects/],
    ['several.json', '{"a":[{"x":1}],"b":[{"y":1}]}', /several arrays of objects: "a", "b"/],
    ['other.parquet', 'PA', /no Parquet file/],
    ['cut.parquet', 'PAR1 and no more PAR1', /damaged Parquet/],
    ['sheet.xlsx', Buffer.from('PK\u0003\u0004 and so on'), /spreadsheet/],
    ['shop.csv', 'SQLite format 3\0', /SQLite database/],
  ])('%s', async (name, content, message) => {
    await bench.write(name, content);
    const [file] = toDataFiles([{ path: join(bench.folder, name), label: name }]);
    const folder = await mkdtemp(join(bench.folder, 'own-'));
    const opening = openDataFiles((options) => DuckDBInstance.create(':memory:', options), {
      files: file ? [file] : [],
      folder,
    });
    await expect(opening).rejects.toBeInstanceOf(UnreadableFile);
    await expect(opening).rejects.toMatchObject({
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/\w/),
    });
  });

  test('no file, a folder', async () => {
    await mkdir(join(bench.folder, 'folder.csv'));
    await expect(bench.open('missing.csv')).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: 'There is no file missing.csv.',
      hint: 'Check the path.',
    });
    await expect(bench.open('folder.csv')).rejects.toMatchObject({ message: 'folder.csv is a folder.' });
  });
});

test('names with spaces, quotes and what DuckDB takes for patterns; links; the same name twice', async () => {
  await mkdir(join(bench.folder, 'other'));
  await bench.write("Üb'er [1]*?.csv", CSV);
  await bench.write('other/order.csv', CSV);
  await bench.write('order.csv', 'a\n7\n');
  await symlink(join(bench.folder, 'order.csv'), join(bench.folder, 'link.csv'));
  const { tables, rows } = await bench.open("Üb'er [1]*?.csv", 'other/order.csv', 'order.csv', 'link.csv');
  expect(tables.map(({ table }) => table)).toEqual(['Üb_er_1', 'order_', 'order__2', 'link']);
  expect(await rows('SELECT count(*), (SELECT a FROM order__2), (SELECT a FROM link) FROM Üb_er_1')).toEqual([
    [2, 7, 7],
  ]);
});

test('a file that has changed is read anew, also when it has other columns; one that is gone is an error', async () => {
  const { rows, connector } = await bench.openOne('changing.csv', 'a\n1\n');
  expect(await rows('SELECT * FROM changing')).toEqual([[1]]);
  await utimes(await bench.write('changing.csv', 'b,c\nx,y\n'), 1, 1);
  expect(await rows('SELECT * FROM changing')).toEqual([['x', 'y']]);
  await rename(join(bench.folder, 'changing.csv'), join(bench.folder, 'moved.csv'));
  await expect(rows('SELECT * FROM changing')).rejects.toMatchObject({ message: 'There is no file changing.csv.' });
  await connector.close();
});
