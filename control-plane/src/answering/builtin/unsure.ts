import { FILLERS, FUNCTION_WORDS, LINKING_VERBS } from './lexicon/glue.ts';
import type { Turn } from './link/link-turns.ts';
import type { SchemaIndex } from './schema-index/schema-index.ts';
import type { Token } from './text/tokenize.ts';

const MOST_WORDS = 3;
const MOST_NAMES = 3;
const MOST_TABLES = 6;

/** For the asker: the words that could not be placed, and what the schema has that is spelt most like them, or its tables. */
export function unsureOfWord(turn: Turn, at: number, index: SchemaIndex, earlier: readonly string[]): string {
  const { question, tokens } = turn;
  const rest = tokens.slice(at);
  const stuck = rest.find(isContent) ?? rest[0] ?? tokens.at(-1);
  const unknown = unknownWords(turn);
  const named = stuck === undefined || unknown.includes(stuck) ? unknown : [stuck];
  const words = (named.length > 0 ? named : [stuck]).flatMap((token) => (token === undefined ? [] : [token.text]));
  const place =
    earlier.length === 0 ? 'this question' : `“${question}”, also not as going on from “${earlier.at(-1) ?? ''}”`;
  const listed = words.slice(0, MOST_WORDS).map((word) => `“${word}”`);
  return `I could not place ${listed.join(', ')} in ${place}.${hint(words, index)}`;
}

const isContent = ({ lower, kind }: Token): boolean => kind !== 'mark' && !FUNCTION_WORDS.has(lower);

/** Words that are neither of the language nor of the schema nor in the data. */
function unknownWords({ tokens, mentions }: Turn): Token[] {
  const known = new Set(mentions.flat().flatMap(({ from, to }) => tokens.slice(from, to)));
  return tokens.filter(
    (token) =>
      token.kind === 'word' &&
      token.number === undefined &&
      isContent(token) &&
      !known.has(token) &&
      !FILLERS.has(token.lower) &&
      !LINKING_VERBS.has(token.stem),
  );
}

function hint(words: readonly string[], index: SchemaIndex): string {
  const near = [...new Set(words.flatMap((word) => nearestNames(word.toLowerCase(), index)))].slice(0, MOST_NAMES);
  if (near.length > 0) return ` Nearest names known here: ${near.join(', ')}.`;
  const tables = index.tables.filter(({ junction }) => !junction).map(({ table }) => table.name);
  if (tables.length === 0) return '';
  return ` Known here: ${tables.slice(0, MOST_TABLES).join(', ')}${tables.length > MOST_TABLES ? ' and more' : ''}.`;
}

function nearestNames(word: string, index: SchemaIndex): string[] {
  const names = new Map<string, number>();
  for (const table of index.tables) {
    names.set(table.table.name, likeness(word, table.table.name.toLowerCase()));
    for (const { column } of table.columns)
      names.set(`${table.table.name}.${column.name}`, likeness(word, column.name.toLowerCase()));
  }
  return [...names]
    .filter(([, score]) => score > 0.4)
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_NAMES)
    .map(([name]) => name);
}

/** The share of two-letter pieces that both words have (Dice). */
function likeness(a: string, b: string): number {
  const pieces = (word: string): Set<string> =>
    new Set(Array.from({ length: Math.max(0, word.length - 1) }, (_, at) => word.slice(at, at + 2)));
  const [left, right] = [pieces(a), pieces(b)];
  if (left.size + right.size === 0) return 0;
  let common = 0;
  for (const piece of left) if (right.has(piece)) common++;
  return (2 * common) / (left.size + right.size);
}
