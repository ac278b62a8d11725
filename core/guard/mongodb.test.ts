import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadGuard } from './load-guard.ts';
import { arbitraryExpressionPlace, arbitraryJsonMutation, arbitraryStagePlace } from './testing/arbitrary-pipeline.ts';
import { Hostile, sharedLines } from './testing/corpora.ts';
import { ALLOWED, HARMFUL_EXPRESSIONS, HARMFUL_STAGES, REFUSED } from './testing/dialects/mongodb.ts';
import type { Guard } from './verdict.ts';

let guard: Guard;

beforeAll(async () => {
  guard = await loadGuard('mongodb');
});

test.each(ALLOWED)('allows %s', async (statement) => {
  expect(await guard.check(statement)).toMatchObject({ verdict: 'allow' });
});

const refused = Object.entries(REFUSED).flatMap(([code, list]) => list.map((statement) => ({ code, statement })));
test.each(refused)('refuses with $code: $statement', async ({ code, statement }) => {
  expect(await guard.check(statement)).toMatchObject({ verdict: 'deny', code });
});

describe('the corpus', () => {
  const corpus = sharedLines('corpora/hostile/mongodb.jsonl', Hostile);

  test('no hostile pipeline is allowed', async () => {
    for (const { sql } of corpus.filter(({ expect }) => expect === 'reject')) {
      expect(await guard.check(sql), sql).toMatchObject({ verdict: 'deny' });
    }
  });

  test('a pipeline that a policy has to refuse names the collection', async () => {
    for (const { sql } of corpus.filter(({ expect }) => expect === 'reject-if-table-policy')) {
      const verdict = await guard.check(sql);
      const tables = verdict.verdict === 'allow' ? verdict.tables.map(({ name }) => name) : null;
      expect(tables, sql).toContain('secret');
    }
  });
});

describe('anything harmful anywhere', () => {
  test('an expression', async () => {
    const harmless = fc.constantFrom('"$a"', '1', '{"$abs": "$b.c"}', '"$$NOW"', '{"$literal": {"$out": "x"}}');
    const property = fc.asyncProperty(
      arbitraryExpressionPlace,
      harmless,
      fc.constantFrom(...HARMFUL_EXPRESSIONS),
      async (place, good, bad) => {
        expect(await guard.check(place(good)), place(good)).toMatchObject({ verdict: 'allow' });
        expect(await guard.check(place(bad)), place(bad)).toMatchObject({ verdict: 'deny' });
      },
    );
    await fc.assert(property, { numRuns: 3_000 });
  });

  test('a stage', async () => {
    const property = fc.asyncProperty(
      arbitraryStagePlace,
      fc.constantFrom('{"$limit": 1}', '{"$match": {"out": 1}}', '{"$sortByCount": "$a"}'),
      fc.constantFrom(...HARMFUL_STAGES),
      async (place, good, bad) => {
        expect(await guard.check(place(good)), place(good)).toMatchObject({ verdict: 'allow' });
        expect(await guard.check(place(bad)), place(bad)).toMatchObject({ verdict: 'deny' });
      },
    );
    await fc.assert(property, { numRuns: 2_000 });
  });

  test('what $literal holds is data, unless it is JavaScript', async () => {
    const property = fc.asyncProperty(
      arbitraryExpressionPlace,
      fc.constantFrom(...HARMFUL_EXPRESSIONS),
      async (place, bad) => {
        const isData = !bad.includes('$code') && !bad.startsWith('{"a": 1, "a"');
        const statement = place(`{"$literal": ${bad}}`);
        expect(await guard.check(statement), statement).toMatchObject({ verdict: isData ? 'allow' : 'deny' });
      },
    );
    await fc.assert(property, { numRuns: 1_000 });
  });

  test('no way of writing a hostile statement makes it pass', async () => {
    const corpus = sharedLines('corpora/hostile/mongodb.jsonl', Hostile).filter(({ expect }) => expect === 'reject');
    const lists = [...(REFUSED.NOT_READ_ONLY ?? []), ...(REFUSED.FUNCTION_NOT_ALLOWED ?? [])];
    // A command is data where it stands in a query.
    const hostile = [...corpus.map(({ sql }) => sql), ...lists].filter((statement) => statement.startsWith('['));
    const mutated = fc
      .tuple(fc.constantFrom(...hostile), arbitraryJsonMutation)
      .map(([statement, mutate]) => mutate(statement));
    const property = fc.asyncProperty(mutated, async (statement) => {
      expect(await guard.check(statement), statement).toMatchObject({ verdict: 'deny' });
    });
    await fc.assert(property, { numRuns: 5_000 });
  });
});

describe('JSON', () => {
  test('any value that JSON can write may be a literal', async () => {
    const property = fc.asyncProperty(fc.json({ maxDepth: 5 }), async (json) => {
      const isPlain = !/"\$|\\u0000|\\ud[89a-f]/i.test(json) && json.isWellFormed();
      fc.pre(isPlain);
      expect(await guard.check(`[{"$project": {"a": {"$literal": ${json}}}}]`)).toMatchObject({ verdict: 'allow' });
    });
    await fc.assert(property, { numRuns: 2_000 });
  });

  test('what the guard allows is JSON to other readers too', async () => {
    const broken = fc
      .tuple(
        fc.constantFrom(...ALLOWED),
        fc.nat(),
        fc.constantFrom('', '"', ',', '\\', '{', '0', ' ', '\u0001', '\u00a0', '$'),
      )
      .map(([text, at, piece]) => {
        const place = at % (text.length + 1);
        return `${text.slice(0, place)}${piece}${text.slice(piece === '' ? place + 1 : place)}`;
      });
    const property = fc.asyncProperty(broken, async (statement) => {
      const { verdict } = await guard.check(statement);
      if (verdict === 'allow') expect(() => JSON.parse(statement), statement).not.toThrow();
    });
    await fc.assert(property, { numRuns: 10_000 });
  });

  test('anything at all gets a verdict', async () => {
    const piece = fc.constantFrom(
      ...['[', ']', '{', '}', ':', ',', '"', '\\', '"$match"', '"$out"', '"$expr"', '"a"', '"$a"', '1', 'null', ' '],
      ...[
        '"$project"',
        '"collection"',
        '"find"',
        '"pipeline"',
        '"$lookup"',
        '"$literal"',
        '"$oid"',
        '"$code"',
        '\u00e9',
      ],
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece).map((parts) => parts.join('')),
    );
    const property = fc.asyncProperty(text, async (statement) => {
      expect(['allow', 'deny']).toContain((await guard.check(statement)).verdict);
    });
    await fc.assert(property, { numRuns: 5_000 });
  });
});

const nest = (open: string, times: number, close: string, inner = '1') =>
  `[{"$project": {"a": ${open.repeat(times)}${inner}${close.repeat(times)}}}]`;

const BAD: Readonly<Record<string, string>> = {
  'a 10 MB statement': `[${'{"$limit": 1},'.repeat(700_000)}{"$limit": 1}]`,
  '100,000 brackets': '['.repeat(100_000),
  '60,000 brackets': '['.repeat(60_000),
  '30,000 pairs of brackets': `${'['.repeat(30_000)}${']'.repeat(30_000)}`,
  '10,000 open objects': '{"a":'.repeat(10_000),
  '5,000 nested operators': nest('{"$abs":', 5_000, '}'),
  '5,000 nested values': nest('{"$literal":', 1, '}', `${'['.repeat(5_000)}${']'.repeat(5_000)}`),
  '300 nested operators': nest('{"$abs":', 300, '}'),
  'a NUL in the middle': '[{"$match"\0: {}}]',
  'a lone surrogate': '[{"$match": {"a": "\ud800"}}]',
  'an open string': `["${'x'.repeat(60_000)}`,
  'an open string of escapes': `["${'\\u0041'.repeat(10_000)}`,
  'an open string of backslashes': `["${'\\'.repeat(60_000)}`,
  '6,000 pipelines': '[{}],'.repeat(6_000),
  'a number of 60,000 digits as a limit': `[{"$limit": ${'9'.repeat(60_000)}}]`,
  'half of a number': '[{"$limit": 1e}]',
};

/** Allowed, and soon. */
const LONG: Readonly<Record<string, string>> = {
  'thousands of stages': `[${'{"$limit": 1},'.repeat(4_000)}{"$limit": 1}]`,
  'thousands of unions': `[${'{"$unionWith": "a"},'.repeat(3_000)}{"$match": {"x": 1}}]`,
  'thousands of unions and fields': `[${'{"$unionWith": "a"},{"$unwind": "$a"},'.repeat(1_600)}{"$limit": 1}]`,
  'hundreds of joins, thousands of whole documents': `[${Array.from({ length: 600 }, (_, i) => `{"$lookup": {"from": "a", "pipeline": [], "as": "a${i}"}}`).join()}, {"$project": {"x": [${'"$$ROOT",'.repeat(3_000)}1]}}]`,
  'thousands of fields': `[{"$project": {${Array.from({ length: 5_000 }, (_, i) => `"f${i}": 1`).join()}}}]`,
  'thousands of computed fields and facets': `[{"$addFields": {${Array.from({ length: 2_000 }, (_, i) => `"f${i}": 1`).join()}}}, {"$facet": {${Array.from({ length: 2_000 }, (_, i) => `"f${i}": []`).join()}}}]`,
  'thousands of operands': nest('{"$add": [', 1, ']}', `${'"$a",'.repeat(10_000)}1`),
  'thousands of values': `[{"$match": {"a": {"$in": [${'1,'.repeat(30_000)}1]}}}]`,
  'a number of 60,000 digits': `[{"$match": {"a": ${'9'.repeat(60_000)}}}]`,
  'a path of 30,000 parts': `[{"$match": {"a${'.1'.repeat(30_000)}": 1}}]`,
  'a long text': `[{"$match": {"a": "${'\\n'.repeat(30_000)}"}}]`,
  '150 nested operators': nest('{"$abs":', 150, '}'),
  '40 variables in one another': nest('{"$let": {"vars": {"v": 1}, "in": ', 40, '}}'),
};

describe('bad input', () => {
  test.each(Object.entries({ ...BAD, ...LONG }))('is not harmed by %s', async (name, statement) => {
    const started = performance.now();
    const { verdict } = await guard.check(statement);
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(verdict).toBe(name in BAD ? 'deny' : 'allow');
    expect(await guard.check('[{"$match": {"a": 1}}]')).toMatchObject({ verdict: 'allow' });
  });

  test('a hundred thousand statements leave no memory behind', async () => {
    setFlagsFromString('--expose-gc');
    const collect: unknown = runInNewContext('gc');
    const statements = [...ALLOWED.slice(0, 30), '[{"$out": "x"}]', '[[', `[{"$match": ${'{"a":'.repeat(190)}`];
    const used = async (rounds: number) => {
      for (let round = 0; round < rounds; round++) await guard.check(statements[round % statements.length] ?? '');
      if (typeof collect === 'function') collect();
      return process.memoryUsage().heapUsed;
    };
    const before = await used(5_000);
    expect((await used(100_000)) - before).toBeLessThan(8 * 1024 * 1024);
  });

  test('a thousand statements a second', async () => {
    const started = performance.now();
    for (let round = 0; round < 5_000; round++) await guard.check(ALLOWED[round % ALLOWED.length] ?? '');
    const rate = (1000 * 5_000) / (performance.now() - started);
    console.info(`mongodb: ${rate.toFixed(0)} statements a second`);
    expect(rate).toBeGreaterThan(1000);
  });
});

test.each([
  ['[{"$match": {"a": "hunter2", "b": hunter2}}]'],
  ['[{"$match": {"hunter2 is a secret": {"$where": "hunter2"}}}]'],
  ['[{"$match": {"a": {"$oid": "hunter2", "b": "hunter2"}}}]'],
  ['[{"$match": {"a": {"hunter2 x": {"$gt": 1}}}}]'],
  ['[{"$project": {"a": "$$hunter2"}}]'],
  ['["hunter2"]'],
  ['hunter2'],
  ['{"collection": "orders", "find": {}, "hunter2 hunter2": 1}'],
  ['[{"$limit": "hunter2"}]'],
  ['[{"$project": {"a": {"$function": {"body": "hunter2"}}}}]'],
  ['[{"$project": {"a": {"$meta": "hunter2"}}}]'],
])('a refusal quotes no value: %s', async (statement) => {
  const verdict = await guard.check(statement);
  expect(verdict.verdict).toBe('deny');
  expect(JSON.stringify(verdict)).not.toContain('hunter2');
});

test.each([
  ['[{"$match": {"é😀": 1}},\n  {"$out": "x"}]', { line: 2, column: 4 }],
  ['[{"$match": {"😀": {"$where": "1"}}}]', { line: 1, column: 20 }],
  ['[{"$match": {"a": 1,\n"a": 2}}]', { line: 2, column: 1 }],
  ['[{"$limit": x}]', { line: 1, column: 13 }],
  ['{"collection": "system.users", "find": {}}', { line: 1, column: 16 }],
])('the place of a refusal counts characters: %s', async (statement, where) => {
  expect(await guard.check(statement)).toMatchObject({ verdict: 'deny', where });
});
