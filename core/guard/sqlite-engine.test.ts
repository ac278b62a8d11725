import { constants, DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadGuard } from './load-guard.ts';
import { arbitrarySelect } from './testing/arbitrary-sql.ts';
import { Gold, Hostile, sharedFile, sharedLines, Valid } from './testing/corpora.ts';
import { SQLITE } from './testing/dialects/sqlite.ts';
import { arbitraryMutation } from './testing/mutations.ts';
import { arbitrarySplice } from './testing/splices.ts';

import type { Guard } from './verdict.ts';

const READS: ReadonlySet<number> = new Set([
  constants.SQLITE_SELECT,
  constants.SQLITE_READ,
  constants.SQLITE_FUNCTION,
  constants.SQLITE_RECURSIVE,
]);

/** Functions behind operators and keywords, which are not written as calls. */
const OPERATOR_FUNCTIONS: ReadonlySet<string> = new Set([
  ...['like', 'glob', 'regexp', 'match', '->', '->>', 'current_date', 'current_time', 'current_timestamp'],
]);

interface Seen {
  readonly others: number[];
  readonly tables: Set<string>;
  readonly functions: Set<string>;
}

/** What SQLite itself says a statement does, or null where it cannot prepare it. */
function prepare(database: DatabaseSync, sql: string): Seen | null {
  // SQLite reports reads of WITH's expressions like reads of tables.
  const stored = database.prepare("select lower(name) as name from sqlite_schema where type = 'table'").all();
  const names = new Set([...stored.map(({ name }) => String(name)), 'sqlite_master', 'sqlite_temp_master']);
  const seen: Seen = { others: [], tables: new Set(), functions: new Set() };
  database.setAuthorizer((action, first, second) => {
    if (!READS.has(action)) seen.others.push(action);
    if (action === constants.SQLITE_READ && names.has(lower(first))) seen.tables.add(lower(first));
    if (action === constants.SQLITE_FUNCTION) seen.functions.add(lower(second));
    return constants.SQLITE_OK;
  });
  try {
    database.prepare(sql);
    return seen;
  } catch {
    return null;
  } finally {
    database.setAuthorizer(null);
  }
}

function lower(name: string | null): string {
  return (name ?? '').toLowerCase();
}

/** Whatever the guard allows only reads, and reads and calls nothing that the verdict does not name. */
async function expectOnlyReads(guard: Guard, database: DatabaseSync, sql: string): Promise<boolean> {
  const verdict = await guard.check(sql);
  if (verdict.verdict === 'deny') return false;
  const seen = prepare(database, sql);
  if (seen === null) return false;
  expect(seen.others, sql).toEqual([]);
  const tables = new Set(verdict.tables.map(({ name }) => name.replace(/^(sqlite_(temp_)?)schema$/, '$1master')));
  expect(
    [...seen.tables].filter((name) => !tables.has(name)),
    sql,
  ).toEqual([]);
  const functions = new Set([...verdict.functions, ...OPERATOR_FUNCTIONS]);
  expect(
    [...seen.functions].filter((name) => !functions.has(name)),
    sql,
  ).toEqual([]);
  return true;
}

describe('what the guard allows, asked of SQLite', () => {
  let guard: Guard;
  let database: DatabaseSync;

  beforeAll(async () => {
    guard = await loadGuard('sqlite');
    database = new DatabaseSync(':memory:');
    database.exec(`
      create table t (a, b, c, d, e, f, g, h, id, v, data);
      create table u (d);
      create table secret (id, k);
      create table orders (id, name, total, placed_at, customer_id, status);
      create table customers (id, name);
      create index i on t (a);
    `);
  });
  afterAll(() => database.close());

  test('lists and corpora', async () => {
    const statements = [
      ...SQLITE.allowed,
      ...Object.values(SQLITE.refused).flat(),
      ...sharedLines('corpora/valid/sqlite.jsonl', Valid).map(({ sql }) => sql),
      ...sharedLines('corpora/hostile/sqlite.jsonl', Hostile).map(({ sql }) => sql),
    ];
    let prepared = 0;
    for (const sql of statements) prepared += Number(await expectOnlyReads(guard, database, sql));
    expect(prepared).toBeGreaterThan(20);
  });

  test('random statements', async () => {
    let prepared = 0;
    const property = fc.asyncProperty(arbitrarySelect, async (sample) => {
      prepared += Number(await expectOnlyReads(guard, database, sample.with('abs(a)')));
    });
    await fc.assert(property, { numRuns: 1_000 });
    expect(prepared).toBeGreaterThan(50);
  });

  test('hostile statements written differently', async () => {
    const hostile = [
      ...Object.values(SQLITE.refused).flat(),
      ...sharedLines('corpora/hostile/sqlite.jsonl', Hostile).map(({ sql }) => sql),
    ];
    const mutated = fc
      .tuple(fc.constantFrom(...hostile), arbitraryMutation(SQLITE.mutations))
      .map(([sql, mutate]) => mutate(sql));
    await fc.assert(
      fc.asyncProperty(mutated, async (sql) => void (await expectOnlyReads(guard, database, sql))),
      { numRuns: 3_000 },
    );
  });

  test('pieces of hostile and honest statements in one another', async () => {
    const hostile = [
      ...Object.values(SQLITE.refused).flat(),
      ...sharedLines('corpora/hostile/sqlite.jsonl', Hostile).map(({ sql }) => sql),
    ];
    const honest = [...SQLITE.allowed, ...sharedLines('corpora/valid/sqlite.jsonl', Valid).map(({ sql }) => sql)];
    const spliced = fc.oneof(arbitrarySplice(hostile, honest), arbitrarySplice(honest, hostile));
    await fc.assert(
      fc.asyncProperty(spliced, async (sql) => void (await expectOnlyReads(guard, database, sql))),
      { numRuns: 20_000 },
    );
  });

  test('pieces of statements put together at random', async () => {
    const piece = fc.constantFrom(
      ...[
        'select',
        'from',
        't',
        'u',
        'a',
        'b',
        '1',
        "'x'",
        ',',
        '(',
        ')',
        '*',
        '.',
        'as',
        'in',
        'not',
        'null',
        'where',
        'over',
      ],
      ...[
        'filter',
        'window',
        'with',
        'values',
        'union',
        'all',
        'order by',
        'group by',
        'limit',
        'abs(',
        'count(*)',
        'case when',
      ],
      ...[
        'then',
        'end',
        'join',
        'left',
        'natural',
        'cross',
        'on',
        'using',
        'is',
        'like',
        'between',
        'and',
        'collate',
        'cast(',
      ],
      ...[
        'random()',
        '"a"',
        '[b]',
        '`c`',
        '-',
        '||',
        '->',
        'exists',
        'indexed by',
        'recursive',
        'materialized',
        '?1',
        ':x',
        "x'00'",
      ],
      ...[
        'replace',
        'key',
        'desc',
        'if',
        'left(',
        'sqlite_version()',
        'json_each(',
        'main.',
        'rows',
        'range',
        '--\n',
        '/* */',
      ],
    );
    const text = fc.array(piece, { minLength: 2, maxLength: 12 }).map((pieces) => `select ${pieces.join(' ')}`);
    await fc.assert(
      fc.asyncProperty(text, async (sql) => void (await expectOnlyReads(guard, database, sql))),
      { numRuns: 20_000 },
    );
  });

  test('gold statements on their own databases', async () => {
    const gold = sharedLines('bench/spider/dev.jsonl', Gold);
    for (const db of new Set(gold.map((line) => line.db))) {
      const file = sharedFile(`bench/spider/db/${db}/${db}.sqlite`);
      if (file === null) continue;
      const opened = new DatabaseSync(file, { readOnly: true, enableDoubleQuotedStringLiterals: true });
      for (const { gold_sql } of gold.filter((line) => line.db === db)) {
        expect(await expectOnlyReads(guard, opened, gold_sql), gold_sql).toBe(true);
      }
      opened.close();
    }
  });
});
