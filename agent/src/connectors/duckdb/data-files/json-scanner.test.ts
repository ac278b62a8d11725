import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstRecords, lineOfRecord } from './csv-records.ts';
import { JsonScanner } from './json-scanner.ts';

/** In pieces, as streams bring them. */
function scan(text: string, size: number): JsonScanner {
  const bytes = Buffer.from(text);
  const scanner = new JsonScanner();
  for (let at = 0; at < bytes.length; at += size) scanner.push(bytes.subarray(at, at + size));
  return scanner;
}

const object = fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true });
const pieces = fc.integer({ min: 1, max: 7 });
const space = fc.constantFrom('', ' ', '\n', '\r\n', '\n\t');

test('counts the items of any array, wherever its text is cut and spaced', () => {
  fc.assert(
    fc.property(fc.array(object, { minLength: 1 }), pieces, space, fc.boolean(), (items, size, gap, pretty) => {
      const texts = items.map((item) => JSON.stringify(item, null, pretty ? 2 : 0));
      const found = scan(`${gap}[${gap}${texts.join(`${gap},${gap}`)}${gap}]${gap}`, size);
      expect(found).toMatchObject({
        isArray: true,
        records: items.length,
        otherAt: null,
        strayAt: null,
        isWhole: true,
      });
    }),
  );
});

test('counts objects line by line, and knows a text that ends too soon', () => {
  fc.assert(
    fc.property(fc.array(object, { minLength: 1 }), pieces, fc.nat(), (items, size, cut) => {
      const text = items.map((item) => JSON.stringify(item)).join('\n');
      expect(scan(text, size)).toMatchObject({ isArray: false, records: items.length, isByLine: true, isWhole: true });
      const array = `[${items.map((item) => JSON.stringify(item)).join(',')}]`;
      expect(scan(array.slice(0, 1 + (cut % (array.length - 1))), size).isWhole).toBe(false);
    }),
  );
});

test('tells the line of what is no object, of what comes after, and long numbers', () => {
  expect(scan('[{"a":1},\n\n 2, 3]', 3)).toMatchObject({ records: 3, otherAt: 3 });
  expect(scan('[{"a":1}]\n{"b":1}', 3).strayAt).toBe(2);
  expect(scan('[{"a":1}]]', 3).strayAt).toBe(1);
  expect(scan('[{"a":1234567890123456}]', 3).hasLongNumbers).toBe(true);
  expect(scan('[{"a":"1234567890123456","b":123456789012345}]', 3).hasLongNumbers).toBe(false);
});

const field = fc.string({ unit: fc.constantFrom('a', ' ', '"', ',', '\n', '\r', 'ü'), maxLength: 6 });
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

test('CSV records come back as they were written, and their lines are found', async () => {
  const records = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(records, fc.constantFrom('\n', '\r\n'), async (given, end) => {
      const lines = given.map((record) => record.map(quoted).join(','));
      const text = `${lines.join(end)}${end}`;
      expect(firstRecords(text, { delimiter: ',', limit: 100, isWhole: true })).toEqual(given);
      const last = lines.slice(0, -1).join(end);
      const before = given.length === 1 ? 0 : `${last}${end}`.split(/\r\n|\r|\n/).length - 1;
      async function* chunks(): AsyncGenerator<Buffer> {
        yield Buffer.from(text);
      }
      expect(await lineOfRecord(chunks(), given.length)).toBe(before + 1);
    }),
  );
});
