import type { PhraseReading } from '#core/protocol/api.ts';
import { isYear, parseDate } from '../dates/parse-date.ts';
import { AGGREGATES, COUNTS } from '../lexicon/aggregates.ts';
import { COMPARATIVES, TRAILING_COMPARATIVES } from '../lexicon/comparatives.ts';
import { BY_FREQUENCY, SUPERLATIVES } from '../lexicon/superlatives.ts';
import type { Turn } from '../link/link-turns.ts';
import type { Mention } from '../link/mention.ts';
import type { Token } from '../text/tokenize.ts';

/** What each mention was read as, in words. */
export type Notes = ReadonlyMap<Mention, string>;

const AGGREGATE_NAMES = { sum: 'their sum', avg: 'their average', min: 'the least', max: 'the greatest' } as const;
const OPERATORS = {
  '>': 'more than',
  '<': 'less than',
  '>=': 'at least',
  '<=': 'at most',
  '=': 'equal',
  '!=': 'not equal',
};
const EACH = new Set(['each', 'per', 'every']);
const NEGATIONS = new Set(['not', 'no', 'without', 'never', 'except', 'neither', 'nor']);

/** How a question was read, phrase by phrase, in its own order; the words that only hold it together are left out. */
export function phraseReadings({ question, tokens, mentions }: Turn, notes: Notes, today: string): PhraseReading[] {
  const noted = mentions.flat().filter((mention) => notes.has(mention));
  const readings: PhraseReading[] = [];
  for (let at = 0; at < tokens.length; ) {
    const mention = noted.filter(({ from }) => from === at).toSorted((a, b) => b.to - a.to)[0];
    const read =
      mention === undefined ? wordsAt(tokens, at, today) : { to: mention.to, reads: notes.get(mention) ?? '' };
    if (read !== null) {
      const phrase = question.slice(tokens[at]?.start, tokens[read.to - 1]?.end);
      readings.push({ phrase, reads: read.reads });
    }
    at = read?.to ?? at + 1;
  }
  return readings;
}

interface Read {
  readonly to: number;
  readonly reads: string;
}

/** Words of the language rather than of the schema. */
function wordsAt(tokens: readonly Token[], at: number, today: string): Read | null {
  const date = parseDate(tokens, at, today);
  if (date !== null) {
    const { from, to } = date.range;
    return {
      to: date.to,
      reads: [...(from === null ? [] : [`from ${from}`]), ...(to === null ? [] : [`before ${to}`])].join(', '),
    };
  }
  for (let length = 4; length >= 1; length--) {
    const reads = meaning(
      tokens
        .slice(at, at + length)
        .map(({ lower }) => lower)
        .join(' '),
    );
    if (reads !== null && at + length <= tokens.length) return { to: at + length, reads };
  }
  const token = tokens[at];
  if (token?.number !== undefined)
    return { to: at + 1, reads: `the ${isYear(token.number) ? 'year' : 'number'} ${token.number}` };
  return null;
}

function meaning(words: string): string | null {
  if (COUNTS.includes(words)) return 'how many there are';
  const frequency = BY_FREQUENCY.get(words);
  if (frequency !== undefined) return frequency === 'desc' ? 'found most often' : 'found least often';
  const comparative = COMPARATIVES.get(words);
  if (comparative !== undefined) return OPERATORS[comparative.comparison];
  const trailing = TRAILING_COMPARATIVES.get(words);
  if (trailing !== undefined) return OPERATORS[trailing];
  const superlative = SUPERLATIVES.get(words);
  if (superlative !== undefined) return superlative.direction === 'desc' ? 'the greatest first' : 'the least first';
  const aggregate = AGGREGATES.get(words);
  if (aggregate !== undefined) return AGGREGATE_NAMES[aggregate];
  if (EACH.has(words)) return 'one row for each of';
  return NEGATIONS.has(words) ? 'not' : null;
}
