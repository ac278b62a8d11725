import { columnsOf, tablesOf } from '../link/mention.ts';
import type { Cursor } from '../parse/cursor.ts';
import { parseModifiers } from '../parse/parse-modifiers.ts';
import { parseNoun } from '../parse/parse-noun.ts';
import { type Modifier, NO_HINTS, type NounNode } from '../parse/question-tree.ts';

/** What a follow-up adds to the question before it, or puts in the place of a part of it. */
export interface Fragment {
  /** Another thing to ask the same of: "what about customers?". */
  readonly noun: NounNode | null;
  readonly modifiers: readonly Modifier[];
  /** "how many of them …": only their number is wanted now. */
  readonly counts: boolean;
}

const LEADS = [
  'and',
  'but',
  'or',
  'what about',
  'how about',
  'only',
  'just',
  'now',
  'the same for',
  'same for',
  'then',
];
const MORE_LEADS = ['ok', 'okay', 'so', 'also', 'instead', 'show', 'show me', 'list', 'only the', 'just the', ','];
const TRAILS = ['ones', 'one', 'only', 'instead', 'too', 'then', 'please', 'as well', 'again'];

/** "and in 2024?", "only Germany", "by month", "what about cancelled ones?"; null where it is no such part of a question. */
export function parseFragment(cursor: Cursor): Fragment | null {
  while (cursor.eat(...LEADS, ...MORE_LEADS)) {}
  const counts = cursor.eat('how many of them', 'how many of those', 'how many of these');
  const ones = cursor.attempt(() => parseOnes(cursor));
  const modifiers = ones === null ? parseModifiers(cursor) : [ones];
  while (cursor.eat(...TRAILS)) {}
  if (cursor.done)
    return modifiers.length > 0 || counts ? { noun: null, modifiers: modifiers.map(asGroup), counts } : null;
  if (counts || modifiers.length > 0) return null;
  const noun = parseNoun(cursor, { modifiers: true });
  while (cursor.eat(...TRAILS)) {}
  if (noun === null || !cursor.done) return null;
  const named = tablesOf(noun.mention).length > 0 || columnsOf(noun.mention).length > 0;
  return named ? { noun: { ...noun, modifiers: [] }, modifiers: noun.modifiers.map(asGroup), counts } : null;
}

/** "delivered ones": how they are, whatever else is called alike. */
function parseOnes(cursor: Cursor): Modifier | null {
  const negated = cursor.eat('not', 'non');
  const value = cursor.mention('value');
  if (value === null) return null;
  cursor.take(value);
  if (!cursor.eat('ones', 'one') || !cursor.done) return null;
  return { kind: 'value', attribute: null, values: [value], join: 'any', negated, hints: NO_HINTS };
}

/** "by region" on its own asks for a number of each. */
function asGroup(modifier: Modifier): Modifier {
  const bare = modifier.kind === 'related' && modifier.quantifier.kind === 'some';
  if (!bare || !modifier.hints.words.includes('by') || modifier.hints.words.length > 2) return modifier;
  return { kind: 'group', noun: modifier.noun, per: true };
}
