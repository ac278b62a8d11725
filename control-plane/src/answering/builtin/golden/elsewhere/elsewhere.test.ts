import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { builtinWriter } from '../../builtin-writer.ts';
import { ask, type Fixture, openFixture } from '../../testing/sqlite-fixture.ts';

/**
 * Databases unlike the demo shop (each says in what, at its top) with questions, and under each the
 * statement that answers it. Questions that none of them can answer are in unanswerable.txt.
 */
const NAMES = ['library', 'clinic', 'freight', 'billing', 'club'];
/** What it has to reach; it may abstain, and hardly ever be wrong. */
const LEAST_RIGHT = 0.85;
const MOST_WRONG = 0.02;
const LEAST_ABSTAINED = 0.97;

const read = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');
const writer = builtinWriter();
const databases = new Map(NAMES.map((name) => [name, openFixture(read(`./${name}.sql`))]));

interface Case {
  readonly name: string;
  readonly question: string;
  /** "!": there are two readings, and it has to ask back or abstain. */
  readonly gold: string;
}

const CASES = NAMES.flatMap((name) => {
  const lines = read(`./${name}.cases.txt`).trimEnd().split('\n');
  return lines.flatMap((question, at): Case[] =>
    at % 2 === 0 ? [{ name, question, gold: (lines[at + 1] ?? '').trim() }] : [],
  );
});

function database(name: string): Fixture {
  const found = databases.get(name);
  if (found === undefined) throw new Error(`no database ${name}`);
  return found;
}

/** Columns in any order; rows in order where the gold statement sorts more than one. */
function comparable(rows: readonly unknown[][], gold: string): string[] {
  const spelled = rows.map((row) => JSON.stringify(row.map(rounded).map(String).toSorted()));
  return /order by/i.test(gold) && !/limit 1$/i.test(gold) ? spelled : spelled.toSorted();
}

const rounded = (value: unknown): unknown => (typeof value === 'number' ? Math.round(value * 1e6) / 1e6 : value);

describe('elsewhere', () => {
  test(`${CASES.length} questions are answered rightly or not at all`, async () => {
    const wrong: string[] = [];
    let right = 0;
    for (const { name, question, gold } of CASES) {
      const draft = await ask(writer, database(name), question);
      if (gold === '!') {
        if (draft.kind === 'statement') wrong.push(`${question}\n${draft.sql}`);
        else right++;
      } else if (draft.kind === 'statement') {
        const [rows, expected] = [draft.sql, gold].map((sql) => comparable(database(name).rows(sql), gold));
        if (JSON.stringify(rows) === JSON.stringify(expected)) right++;
        else wrong.push(`${question}\n${draft.sql}`);
      }
    }
    expect(CASES.length).toBeGreaterThanOrEqual(150);
    expect(wrong.length / CASES.length, wrong.join('\n\n')).toBeLessThanOrEqual(MOST_WRONG);
    expect(right / CASES.length).toBeGreaterThanOrEqual(LEAST_RIGHT);
  });

  test('what they cannot answer is not answered', async () => {
    const answered: string[] = [];
    let [name, asked] = ['', 0];
    for (const line of read('./unanswerable.txt').trimEnd().split('\n')) {
      if (line.startsWith('# ')) name = line.slice(2);
      else {
        asked++;
        const draft = await ask(writer, database(name), line);
        if (draft.kind === 'statement') answered.push(`${line}\n${draft.sql}`);
      }
    }
    expect(asked).toBeGreaterThanOrEqual(150);
    expect(1 - answered.length / asked, answered.join('\n\n')).toBeGreaterThanOrEqual(LEAST_ABSTAINED);
  });
});

/** How the same thing may be typed: it means the same, or cannot be told. Never something else. */
describe('the same question', () => {
  const spellings: Readonly<Record<string, (question: string) => string>> = {
    'in capitals': (question) => question.toUpperCase(),
    'in small letters': (question) => question.toLowerCase(),
    'without its question mark': (question) => question.replace(/\?$/, ''),
    'with a full stop and spaces': (question) => `  ${question.replace(/[?.]$/, '').replaceAll(' ', '  ')} . `,
    'asked politely': (question) => `Please show me ${question.replace(/^(list|show) /i, '')}`,
    'with a letter of its last word doubled': (question) =>
      question.replace(/(?<!")\b(\p{L})(\p{L}*)(\??)$/u, '$1$1$2$3'),
  };
  test.each(Object.entries(spellings))('%s', async (_, spell) => {
    const other: string[] = [];
    for (const { name, question, gold } of CASES) {
      const [plain, spelled] = [
        await ask(writer, database(name), question),
        await ask(writer, database(name), spell(question)),
      ];
      if (plain.kind !== 'statement' || spelled.kind !== 'statement') continue;
      const [rows, expected] = [spelled.sql, plain.sql].map((sql) => comparable(database(name).rows(sql), gold));
      if (JSON.stringify(rows) !== JSON.stringify(expected))
        other.push(`${spell(question)}\n${spelled.sql}\n${plain.sql}`);
    }
    expect(other).toEqual([]);
  });
});
