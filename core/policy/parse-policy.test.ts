import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { isCustardError } from '../errors.ts';
import { parsePolicy } from './parse-policy.ts';
import { summarize } from './summary.ts';

/** The error's sentence; the policy has to be refused. */
function refusal(text: string): string {
  try {
    parsePolicy(text, 'policy.yaml');
  } catch (error) {
    if (isCustardError(error) && error.code === 'CONFIG_INVALID') return error.message;
    throw error;
  }
  throw new Error('it was taken');
}

const WHOLE = `
version: 1
tables:
  allow: ["shop.*", orders]
  deny: ["*.audit_?", '"we.ird"']
columns:
  allow: ["*.*"]
  deny: ["staff.salary", "*.hr.staff.ssn"]
masks:
  - columns: ["*.email"]
    show: partial
  - columns: ["*.phone", "*.card"]
    show: null
views:
  trusted: ["reports.*"]
limits: { rows: 1000, bytes: 64 MiB, time: 1.5s, statements: 4, waiting: 20, wait: 5s, sessions: 6 }
egress: profile
posture: good
`;

test('everything a policy may hold', () => {
  const policy = parsePolicy(WHOLE, 'policy.yaml');
  expect(policy.limits).toEqual({
    ...{ rows: 1000, bytes: 64 * 1024 * 1024, timeoutMs: 1500 },
    ...{ statements: 4, waiting: 20, waitMs: 5_000, sessions: 6 },
  });
  expect(policy.masks.map(({ pattern, mask }) => `${pattern.text} ${mask}`)).toEqual([
    ...['*.email partial', '*.phone null', '*.card null'],
  ]);
  expect(summarize(policy)).toEqual({
    ...{ egress: 'profile', max_rows: 1000, max_bytes: 67108864, max_ms: 1500, required_posture: 'good' },
    ...{ restricts_tables: true, restricts_columns: true, masks_columns: true },
  });
});

test('the least there can be', () => {
  expect(summarize(parsePolicy('version: 1', 'policy.yaml'))).toMatchObject({ egress: 'rows', masks_columns: false });
});

test('an unknown word refuses the file at every level', () => {
  for (const at of ['', 'tables', 'columns', 'masks.0', 'views', 'limits']) {
    const document = parseDocument(WHOLE.trim());
    document.setIn([...at.split('.').filter(Boolean), 'hunter2'], 'x');
    expect(refusal(String(document)), at).toContain(`there is no ${at === '' ? '' : `${at}.`}hunter2`);
  }
});

describe('what is wrong is told with its line, and no value of the file', () => {
  test.each<[string, string, string]>([
    ['a mistyped key', 'version: 1\negres: rows', 'line 2, column 1: there is no egres; did you mean egress?'],
    [
      'one further in',
      'version: 1\ntables:\n  dney: [hunter2]',
      'line 3, column 3: there is no tables.dney; did you mean deny?',
    ],
    [
      'one in a list',
      'version: 1\nmasks:\n  - columns: ["a.b"]\n    shows: hash',
      'there is no masks.0.shows; did you mean show?',
    ],
    ['no version', 'egress: rows', 'line 1, column 1: version: expected 1'],
    ['another version', 'version: 2', 'line 1, column 10: version: expected 1'],
    ['an empty file', '', 'expected keys with values'],
    ['a list', '- version', 'expected keys with values'],
    ['a section that is empty', 'version: 1\ntables:', 'line 2, column 8: tables: expected keys with values'],
    ['a list that is empty', 'version: 1\ntables: { allow: [] }', 'tables.allow: expected at least one entry'],
    ['text for a list', 'version: 1\ntables: { allow: hunter2 }', 'tables.allow: expected a list'],
    [
      'a number for a pattern',
      'version: 1\ntables:\n  deny:\n    - 5',
      'line 4, column 7: tables.deny.0: expected text',
    ],
    ['too many parts', 'version: 1\ntables: { deny: ["a.b.c.d"] }', 'tables.deny.0: expected a table by pattern'],
    ['an empty part', 'version: 1\ntables: { deny: ["a..hunter2"] }', 'tables.deny.0: expected a table by pattern'],
    ['a quote that stays open', `version: 1\ntables: { deny: ['"hunter2'] }`, 'expected a table by pattern'],
    ['a column without a table', 'version: 1\ncolumns: { deny: [hunter2] }', 'columns.deny.0: expected a column by'],
    [
      'a mask there is not',
      'version: 1\nmasks: [{ columns: ["a.b"], show: hunter2 }]',
      'expected one of null, hash, partial',
    ],
    ['a size without a unit', 'version: 1\nlimits: { bytes: 5 hunter2 }', 'limits.bytes: expected a size like 64 MiB'],
    [
      'a time that is too long',
      'version: 1\nlimits: { time: 2h }',
      'limits.time: expected a time like 30s, at most 1h',
    ],
    ['no rows at all', 'version: 1\nlimits: { rows: 0 }', 'limits.rows: expected a number of rows'],
    ['a bad grade', 'version: 1\nposture: bad', 'posture: expected good or acceptable'],
    ['a level there is not', 'version: 1\negress: all', 'egress: expected one of schema, profile, aggregates, rows'],
    ['broken YAML', 'version: 1\ntables: [hunter2', 'it is not YAML'],
    ['a key twice', 'version: 1\nversion: 1', 'line 2, column 1: it is not YAML (the key is there twice)'],
    ['two documents', 'version: 1\n---\nversion: 1', 'it is not YAML (there is more than one document)'],
    ['a tag', 'version: 1\negress: !!hunter2 rows', 'it is not YAML'],
  ])('%s', (_, text, expected) => {
    const message = refusal(text);
    expect(message).toContain(expected);
    expect(message).not.toContain('hunter2');
  });

  test('aliases that multiply', () => {
    const levels = Array.from({ length: 12 }, (_, i) => `x${i + 1}: &x${i + 1} [*x${i}, *x${i}, *x${i}, *x${i}]`);
    expect(refusal(`x0: &x0 [1]\n${levels.join('\n')}`)).toContain('aliases');
  });

  test('any text at all', () => {
    const line = fc.constantFrom(
      'version: 1',
      'tables:',
      '  deny: ["a.*"]',
      'masks:',
      '  - show: hash',
      '- x',
      '? y',
      '{',
      ']',
      '&a',
      '*a',
      '!t',
      '%YAML 1.1',
      '"',
      '\t',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(line).map((lines) => lines.join('\n')),
    );
    const property = fc.property(text, (candidate) => {
      try {
        parsePolicy(candidate, 'policy.yaml');
      } catch (error) {
        expect(isCustardError(error) && error.code).toBe('CONFIG_INVALID');
      }
    });
    fc.assert(property, { numRuns: 2_000 });
  });
});
