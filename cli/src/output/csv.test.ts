import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvRenderer, tsvRenderer } from './csv.ts';
import { parseRows } from './rows.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'",\\\n\r\t]}[{ aü日') }),
  fc.string({ minLength: 60, maxLength: 90 }),
);
const cell = fc.oneof(
  text,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const table = fc.nat(6).chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width })));
const linesOf = (rows: readonly unknown[]): Buffer =>
  Buffer.from(rows.map((row) => `{"type":"row","row":${JSON.stringify(row)}}\n`).join(''));

test.each([
  ['csv', csvRenderer(null)],
  ['tsv', tsvRenderer(null)],
])('%s: bytes straight from row lines are what the parsed rows give', (_, renderer) => {
  fc.assert(
    fc.property(table, (rows) => {
      const lines = linesOf(rows);
      const expected = rows.length === 0 ? '' : renderer.rows(parseRows(lines));
      expect(Buffer.from(renderer.lines?.(lines) ?? []).toString()).toBe(Buffer.from(expected).toString());
    }),
    { numRuns: 2_000 },
  );
});

test('CSV is read back as it was', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.oneof(text, fc.constant(null)), { minLength: 2, maxLength: 4 })), (rows) => {
      expect(readCsv(csvRenderer(null).rows(rows))).toEqual(rows);
    }),
  );
});

test('a line that is no row is refused', () => {
  for (const line of [
    '{"type":"row","row":[1',
    '{"type":"row","row":["a\n',
    '{"type":"row","row":[1]\n',
    '{"a":1}\n',
  ]) {
    const read = () => csvRenderer(null).lines?.(Buffer.from(line));
    expect(read).toThrow(expect.objectContaining({ code: 'PROTOCOL_ERROR' }));
  }
});

/** A reader by RFC 4180's grammar, that tells an empty field (null) from a quoted one. */
function readCsv(csv: string): (string | null)[][] {
  const rows: (string | null)[][] = [];
  let rest = csv;
  let row: (string | null)[] = [];
  while (rest !== '') {
    const match = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\n)/.exec(rest);
    if (match === null) throw new Error(`not CSV: ${rest}`);
    const [all, quoted, plain, end] = match;
    row.push(quoted === undefined ? plain || null : quoted.replaceAll('""', '"'));
    rest = rest.slice(all.length);
    if (end === '\n') {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}
