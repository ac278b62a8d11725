import { expect, test } from 'vitest';
import { tokenize } from '../text/tokenize.ts';
import { parseDate } from './parse-date.ts';

/** A Saturday. */
const TODAY = '2026-11-21';

test.each([
  ['today', '2026-11-21', '2026-11-22'],
  ['yesterday', '2026-11-20', '2026-11-21'],
  ['last week', '2026-11-09', '2026-11-16'],
  ['this week', '2026-11-16', '2026-11-23'],
  ['last month', '2026-10-01', '2026-11-01'],
  ['this quarter', '2026-10-01', '2027-01-01'],
  ['last quarter', '2026-07-01', '2026-10-01'],
  ['last year', '2025-01-01', '2026-01-01'],
  ['the last 30 days', '2026-10-22', '2026-11-22'],
  ['past three months', '2026-08-21', '2026-11-22'],
  ['May', '2026-05-01', '2026-06-01'],
  ['December', '2025-12-01', '2026-01-01'],
  ['May 2024', '2024-05-01', '2024-06-01'],
  ['February 2024', '2024-02-01', '2024-03-01'],
  ['5 May 2024', '2024-05-05', '2024-05-06'],
  ['May 5, 2024', '2024-05-05', '2024-05-06'],
  ['Q3 2024', '2024-07-01', '2024-10-01'],
  ['2024-02-29', '2024-02-29', '2024-03-01'],
  ['2024-12', '2024-12-01', '2025-01-01'],
  ['year to date', '2026-01-01', '2026-11-22'],
])('%s is from %s to before %s', (phrase, from, to) => {
  const tokens = tokenize(phrase);
  const parsed = parseDate(tokens, 0, TODAY);
  expect(parsed?.range).toMatchObject({ from, to });
  expect(parsed?.to).toBe(tokens.length);
});

test.each(['may I see', 'last name', '2024', 'march of time', 'hello'])('%s is no date', (phrase) => {
  expect(parseDate(tokenize(phrase), 0, TODAY)).toBeNull();
});
