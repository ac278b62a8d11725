import { COMMANDS, FUNCTION_WORDS } from '../lexicon/glue.ts';
import type { SynonymTable } from '../lexicon/synonyms.ts';
import type { Entry } from '../schema-index/entries.ts';
import type { SchemaIndex } from '../schema-index/schema-index.ts';
import { root, stem } from '../text/stem.ts';
import type { Token } from '../text/tokenize.ts';

/** One to three words of the question that match words of an entry's name. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  /** Which of the entry's words. */
  readonly words: readonly string[];
  /** 1: the same word; less: a synonym, a derived form, a shortened form, a likely typo. */
  readonly quality: number;
}

export interface Pieces {
  entriesAt(position: number): Iterable<Entry>;
  at(position: number, entry: Entry): readonly Piece[];
}

export interface Vocabulary {
  readonly synonyms: SynonymTable;
  /** Root → stems in use in the schema, for "enrolled" and "enrolment". */
  readonly byRoot: ReadonlyMap<string, readonly string[]>;
}

export function buildVocabulary(index: SchemaIndex, synonyms: SynonymTable): Vocabulary {
  const byRoot = new Map<string, string[]>();
  for (const word of index.byWord.keys()) {
    const key = root(word);
    byRoot.set(key, [...(byRoot.get(key) ?? []), word]);
  }
  return { synonyms, byRoot };
}

const SYNONYM_QUALITY = 0.85;
const DERIVED_QUALITY = 0.85;
const SHORTENED_QUALITY = 0.75;
const TYPO_QUALITY = 0.75;

export function findPieces(tokens: readonly Token[], index: SchemaIndex, vocabulary: Vocabulary): Pieces {
  const byPosition = tokens.map(() => new Map<Entry, Piece[]>());
  tokens.forEach((_, from) => {
    for (let length = 3; length >= 1; length--) {
      const words = tokens.slice(from, from + length);
      if (words.length < length || !words.every(({ kind }) => kind === 'word' || (kind === 'number' && length === 1)))
        continue;
      const [only] = words;
      if (length === 1 && FUNCTION_WORDS.has(only?.lower ?? '') && !mayBeName(tokens, from)) continue;
      for (const { phrase, quality } of alternatives(words, index, vocabulary)) {
        for (const entry of entriesWith(phrase, index)) {
          const pieces = byPosition[from]?.get(entry) ?? [];
          pieces.push({ from, to: from + length, words: phrase, quality });
          byPosition[from]?.set(entry, pieces);
        }
      }
    }
    for (const pieces of byPosition[from]?.values() ?? []) pieces.sort((a, b) => b.to - a.to || b.quality - a.quality);
  });
  return {
    entriesAt: (position) => byPosition[position]?.keys() ?? [],
    at: (position, entry) => byPosition[position]?.get(entry) ?? [],
  };
}

/** "the most common return reason", "the average list price": no command there. */
function mayBeName(tokens: readonly Token[], at: number): boolean {
  const [word, next] = [tokens[at]?.lower ?? '', tokens[at + 1]];
  if (at > 1 && COMMANDS.has(word)) return true;
  return at > 0 && word === 'list' && next?.kind === 'word' && !FUNCTION_WORDS.has(next.lower);
}

interface Alternative {
  readonly phrase: readonly string[];
  readonly quality: number;
}

function alternatives(words: readonly Token[], index: SchemaIndex, vocabulary: Vocabulary): Alternative[] {
  const stems = words.map((word) => word.stem);
  const found: Alternative[] = [];
  if (words.length === 1) found.push({ phrase: stems, quality: 1 });
  const written = words.length === 1 ? index.written.get(words[0]?.lower ?? '') : undefined;
  if (written !== undefined) found.push({ phrase: written, quality: 1 });
  for (const mate of vocabulary.synonyms.get(stems.join(' ')) ?? []) {
    found.push({ phrase: mate.split(' '), quality: SYNONYM_QUALITY });
  }
  const [word] = words;
  if (words.length > 1 || word === undefined || word.kind !== 'word') return found;
  for (const derived of vocabulary.byRoot.get(root(word.stem)) ?? []) {
    if (derived !== word.stem) found.push({ phrase: [derived], quality: DERIVED_QUALITY });
  }
  for (const short of shortened(word.lower, index)) found.push({ phrase: [short], quality: SHORTENED_QUALITY });
  if (!found.some(({ phrase }) => phrase.every((part) => index.byWord.has(part)))) {
    for (const near of misspelt(word.stem, index)) found.push({ phrase: [near], quality: TYPO_QUALITY });
  }
  return found;
}

/** Words of the schema that are the beginning of this word and end where one would cut: "indep" of "independence". */
function shortened(word: string, index: SchemaIndex): string[] {
  const found: string[] = [];
  for (let length = 4; length <= word.length - 3; length++) {
    const prefix = word.slice(0, length);
    if (/[aeiouy]$/.test(prefix)) continue;
    for (const known of new Set([prefix, stem(prefix)])) if (index.byWord.has(known)) found.push(known);
  }
  return found;
}

/** Words of the schema one slip away: a letter too many, too few, another, or two swapped. */
function misspelt(word: string, index: SchemaIndex): string[] {
  if (word.length < 6) return [];
  const found: string[] = [];
  for (const known of index.byWord.keys()) {
    if (
      known.length >= 5 &&
      known[0] === word[0] &&
      Math.abs(known.length - word.length) <= 1 &&
      oneSlip(known, word)
    ) {
      found.push(known);
    }
  }
  return found.length === 1 ? found : [];
}

function oneSlip(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const restA = a.slice(start, a.length - end);
  const restB = b.slice(start, b.length - end);
  if (restA.length <= 1 && restB.length <= 1) return true;
  return restA.length === 2 && restB.length === 2 && restA[0] === restB[1] && restA[1] === restB[0];
}

function entriesWith(phrase: readonly string[], index: SchemaIndex): readonly Entry[] {
  const [first = '', ...rest] = phrase;
  const entries = index.byWord.get(first) ?? [];
  if (rest.length === 0) return entries;
  return entries.filter((entry) => rest.every((word) => entry.words.includes(word)));
}
