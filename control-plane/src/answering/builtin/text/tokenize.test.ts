import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitIdentifier } from './split-identifier.ts';
import { root, stem } from './stem.ts';
import { tokenize } from './tokenize.ts';

test.each([
  ["students' ages", ['students', "'s", 'ages']],
  ["don't list “O'Brien” or 'A b'", ['do', 'not', 'list', "O'Brien", 'or', 'A b']],
  ['more than 5,000 in 2025-03-01?', ['more', 'than', '5,000', 'in', '2025-03-01']],
  ['between -5 and 1.5', ['between', '-5', 'and', '1.5']],
  ['AC/DC, Jay-Z', ['AC/DC', ',', 'Jay-Z']],
])('splits %s', (question, texts) => {
  expect(tokenize(question).map(({ text }) => text)).toEqual(texts);
});

test('knows numbers, also as words and with multiples', () => {
  expect(tokenize('three 2k 1.5 million $30').map(({ number }) => number)).toEqual([3, 2000, 1_500_000, 30]);
});

test('gives every token its place in the question, whatever is typed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (question) => {
      for (const { start, end, text } of tokenize(question)) {
        expect(question.slice(start, end).length).toBeGreaterThan(0);
        if (!['do', 'does', 'did', 'is', 'are', 'was', 'were', 'have', 'has', 'had', 'not', "'s"].includes(text)) {
          expect(question.slice(start, end)).toContain(text);
        }
      }
    }),
  );
});

test.each([
  ['city', 'cities'],
  ['write', 'written'],
  ['order', 'ordered'],
  ['person', 'people'],
  ['release', 'releasing'],
])('%s and %s meet', (one, other) => {
  expect(stem(one)).toBe(stem(other));
});

test('a noun made of a verb meets it at the root', () => {
  expect(root(stem('enrolment'))).toBe(root(stem('enrolled')));
});

test.each([
  ['Song_release_year', 'song release year'],
  ['SongReleaseYear', 'song release year'],
  ['HTTPStatus', 'http status'],
  ['line2', 'line 2'],
])('splits the name %s', (name, words) => {
  expect(splitIdentifier(name).join(' ')).toBe(words);
});
