import { expect, it } from 'vitest';
import { CustardError, type ErrorCode } from '#core/errors.ts';
import { feedback } from './feedback.ts';

it.each<[string, ErrorCode, string | undefined, string]>([
  [
    'invalid input syntax for type integer: "Ada, 1 High St"',
    'QUERY_FAILED',
    '22P02',
    'invalid input syntax for type integer: "…"',
  ],
  ['invalid input syntax for type date: "a"b\nc"', 'QUERY_FAILED', '22007', 'invalid input syntax for type date: "…"'],
  ['division by zero', 'QUERY_FAILED', '22012', 'division by zero'],
  ["malformed JSON: 'x'", 'QUERY_FAILED', undefined, 'malformed JSON: "…"'],
  [
    'column "o.id" must appear in the GROUP BY clause',
    'QUERY_FAILED',
    '42803',
    'column "o.id" must appear in the GROUP BY clause',
  ],
  ['relation "orderz" does not exist', 'RELATION_NOT_FOUND', '42P01', 'relation "orderz" does not exist'],
])('tells a writer nothing of the rows: %s', (message, code, engineCode, told) => {
  const details = engineCode === undefined ? {} : { engineCode };
  expect(feedback(new CustardError(code, message, { details }))).toBe(told);
});
