import fc from 'fast-check';
import { expect, test } from 'vitest';
import { safe, safeJson, safeLines } from './safe.ts';

const STEERS = /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.constantFrom(
          '\u001b',
          '\u001b]52;c;',
          '\u001b[2J',
          '\u009b',
          '\r',
          '\b',
          '\u007f',
          '\u202e',
          '\u2066',
          '\u200d',
          '\ud800',
          '\udfff',
          '👩‍👩‍👧',
        ),
      ),
    )
    .map((parts) => parts.join('')),
);

test('no output can steer the terminal, whatever the input', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(safe(text)).not.toMatch(STEERS);
      expect(safeLines(text).replaceAll('\n', '')).not.toMatch(STEERS);
    }),
    { numRuns: 3_000 },
  );
});

test('what is safe once stays as it is', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(safe(safe(text))).toBe(safe(text));
    }),
  );
});

test.each([
  'Zoë Müller',
  '日本商事',
  'naïve — “quotes” … ½',
  '👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  'می‌خواهم',
  'क्‍ष',
  '؀123',
  'e\u0301',
])('printable text is unchanged: %s', (text) => {
  expect(safe(text)).toBe(text);
});

test.each([
  ['a\u001b[2Jb', 'a␛[2Jb'],
  ['\r\b\t\n\0', '␍␈␉␊␀'],
  ['\u007f\u009b', '␡\\u009b'],
  ['user\u202egpj.exe', 'user\\u202egpj.exe'],
  ['a\u200db', 'a\\u200db'],
  ['half \ud83d', 'half \\ud83d'],
  ['tag \u{e0041}', 'tag \\u{e0041}'],
])('%j is shown as %s', (text, shown) => {
  expect(safe(text)).toBe(shown);
});

test('lines stay lines', () => {
  expect(safeLines('select 1\r\n-- \u001b[2J\n')).toBe('select 1\n-- ␛[2J\n');
});

test('JSON keeps its meaning', () => {
  fc.assert(
    fc.property(fc.array(hostile), (values) => {
      const json = safeJson(`${JSON.stringify(values)}\n`);
      expect(json.slice(0, -1)).not.toMatch(STEERS);
      expect(JSON.parse(json)).toEqual(values);
    }),
  );
});
