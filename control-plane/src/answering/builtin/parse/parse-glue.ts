import { COMPARATIVES } from '../lexicon/comparatives.ts';
import {
  AUXILIARIES,
  DETERMINERS,
  FILLERS,
  LINKING_VERBS,
  PARTICIPLES,
  PREPOSITIONS,
  PRONOUNS,
} from '../lexicon/glue.ts';
import { columnsOf, type Mention, tablesOf } from '../link/mention.ts';
import { stem } from '../text/stem.ts';
import type { Cursor } from './cursor.ts';
import type { Hints } from './question-tree.ts';

/** The small words before what a modifier is about. */
export interface Glue {
  readonly negated: boolean;
  /** "no", "any", "without": what follows is about there being any at all. */
  readonly existence: 'none' | 'any' | null;
  readonly both: boolean;
  readonly relative: boolean;
  readonly words: readonly string[];
  readonly hints: Hints;
}

const NEGATIVE = new Set(['not', 'no', 'never', 'without', 'except', 'neither', 'nor', 'non', 'excluding']);
const NEGATIVE_PHRASES = ['other than', 'except for', 'apart from', 'rather than'];
const RELATIVE = new Set([
  'that',
  'which',
  'who',
  'whom',
  'whose',
  'where',
  'when',
  'there',
  'they',
  'it',
  'we',
  'he',
  'she',
  'what',
  'with',
  'having',
  'has',
  'have',
  'had',
]);

/**
 * Moves past verbs, prepositions, pronouns and negations. A verb that names a column or table
 * ("directed by", "registered") is kept as a hint. Stops at the first word that carries content.
 */
export function parseGlue(cursor: Cursor): Glue {
  const words: string[] = [];
  const mentions: Mention[] = [];
  let both = false;
  let negations = 0;
  for (;;) {
    const token = cursor.peek();
    if (token === undefined || token.kind === 'quoted' || token.kind === 'number') break;
    if (cursor.eat(...NEGATIVE_PHRASES)) {
      negations++;
      words.push('except');
      continue;
    }
    if (token.kind === 'mark') {
      if (token.lower !== '(' && token.lower !== ')') break;
      cursor.advance();
      continue;
    }
    if (startsComparison(cursor) || startsPeriod(cursor)) break;
    const word = token.lower;
    // The month; the verb is written small.
    if (token.text === 'May') break;
    if (NEGATIVE.has(word)) negations++;
    else if ((word === 'one' || word === 'ones') && words.at(-1) === 'the') words.push('the');
    else if (word === 'both') both = true;
    else if (isVerb(cursor, words)) mentions.push(...hintsAt(cursor));
    else if (!isSmall(word)) break;
    else if (DETERMINERS.has(word) && startsContent(cursor)) break;
    words.push(word);
    cursor.advance();
  }
  const relative = words.some((word) => RELATIVE.has(word));
  const existence = negations > 0 ? 'none' : words.includes('any') || words.includes('some') ? 'any' : null;
  return { negated: negations % 2 === 1, existence, both, relative, words, hints: { words, mentions } };
}

const isSmall = (word: string): boolean =>
  AUXILIARIES.has(word) || DETERMINERS.has(word) || PRONOUNS.has(word) || PREPOSITIONS.has(word) || FILLERS.has(word);

/** A verb that links. Right after an article the same letters are a noun: "the show". */
function isVerb(cursor: Cursor, before: readonly string[]): boolean {
  const token = cursor.peek();
  if (token === undefined || token.lower === 'including') return false;
  if (!LINKING_VERBS.has(token.stem) && !isNamedVerb(cursor)) return false;
  if (/^\p{Lu}/u.test(token.text) && cursor.mention('value') !== null) return false;
  const command = ['list', 'show', 'find', 'give', 'report'].includes(token.lower);
  if (command && !before.some((word) => SUBJECTS.has(word))) return false;
  if (isRatherNoun(cursor, before)) return false;
  const previous = before.at(-1);
  if (isState(cursor, previous)) return false;
  // "the amount of invoices": no verb follows a preposition.
  if (previous !== undefined && previous !== 'to' && PREPOSITIONS.has(previous) && !isParticiple(token.lower))
    return false;
  if (previous !== undefined && (previous === 'the' || previous === 'a' || previous === 'an' || previous === 'each'))
    return false;
  const mention = cursor.mention('table', 'column');
  if (mention === null) return true;
  if (mention.to > cursor.at + 1) return false;
  const table = Math.max(0, ...tablesOf(mention).map(({ quality }) => quality)) >= 0.9;
  if (table && !isParticiple(token.lower))
    return before.some((word) => SUBJECTS.has(word)) && !token.lower.endsWith('s');
  // "who earns the highest salary": a verb that only means nearly what a column is called.
  const nearly = columnsOf(mention).every(({ quality }) => quality < 1);
  if (nearly && !table && /[^s]s$/.test(token.lower) && DETERMINERS.has(cursor.peek(1)?.lower ?? '')) return true;
  // "are listed", "registered in", "directed by": a verb's ending, or what follows, tells it from a noun.
  return (
    isParticiple(token.lower) ||
    (['by', 'from', 'at', 'in', 'on', 'to'].includes(cursor.peek(1)?.lower ?? '') && before.length > 0) ||
    (before.some((word) => ['who', 'that', 'which', 'they', 'not', 'do', 'does', 'did'].includes(word)) &&
      !token.lower.endsWith('s'))
  );
}

/** After these stands what something is. */
export const BE = new Set(['is', 'are', 'was', 'were', 'be', 'been', 'not']);

/** "orders that are not delivered": at the end of a clause, and found in the data, it is how they are. */
function isState(cursor: Cursor, previous: string | undefined): boolean {
  const next = cursor.peek(1);
  const last = next === undefined || next.kind === 'mark' || next.lower === 'and' || next.lower === 'or';
  return last && previous !== undefined && BE.has(previous) && cursor.mention('value') !== null;
}

/** "bought books": after a verb, or where the data knows it, a word in -s is no second verb. */
function isRatherNoun(cursor: Cursor, before: readonly string[]): boolean {
  const word = cursor.peek()?.lower ?? '';
  if (isParticiple(word)) return false;
  const afterVerb = LINKING_VERBS.has(stem(before.at(-1) ?? ''));
  return cursor.mention('value') !== null || (word.endsWith('s') && afterVerb);
}

/** "affected by", where a table of affected regions is known. */
const AFTER_VERB = new Set([
  'by',
  'in',
  'on',
  'at',
  'after',
  'before',
  'since',
  'between',
  'last',
  'this',
  'during',
  'yesterday',
  'today',
]);

function isNamedVerb(cursor: Cursor): boolean {
  return (
    isParticiple(cursor.peek()?.lower ?? '') &&
    AFTER_VERB.has(cursor.peek(1)?.lower ?? '') &&
    cursor.mention('table', 'column') !== null
  );
}

const isParticiple = (word: string): boolean => /(ed|ing|en)$/.test(word) || PARTICIPLES.has(word);

/** Words a verb follows. */
export const SUBJECTS = new Set(['who', 'that', 'which', 'they', 'not', 'do', 'does', 'did', 'to', 'never', 'we']);

function hintsAt(cursor: Cursor): Mention[] {
  const mention = cursor.mention('table', 'column');
  return mention === null ? [] : [mention];
}

/** "at least", "no more than", "up to": small words that belong to a comparison. */
function startsComparison(cursor: Cursor): boolean {
  if (!['at', 'no', 'not', 'in', 'up', 'a', 'prior', 'between'].includes(cursor.peek()?.lower ?? '')) return false;
  const start = cursor.at;
  const found = cursor.eatLongest(COMPARATIVES) !== undefined;
  cursor.at = start;
  return found;
}

/** "this year": not "this" as in "this customer". */
const startsPeriod = (cursor: Cursor): boolean =>
  cursor.is('this') && ['day', 'week', 'month', 'quarter', 'year'].includes(cursor.peek(1)?.lower ?? '');

/** "the average", "the most": the article belongs to what follows. */
function startsContent(cursor: Cursor): boolean {
  return cursor.peek()?.lower === 'a' && (cursor.peek(1)?.lower === 'minimum' || cursor.peek(1)?.lower === 'maximum');
}
