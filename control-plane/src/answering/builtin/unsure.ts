import { FUNCTION_WORDS } from './lexicon/glue.ts';
import type { SchemaIndex } from './schema-index/schema-index.ts';
import type { Token } from './text/tokenize.ts';

/** One sentence for the asker: the word that could not be placed, and what the schema has that is spelt most like it. */
export function unsureOfWord(
  { question, tokens }: { readonly question: string; readonly tokens: readonly Token[] },
  at: number,
  index: SchemaIndex,
  earlier: readonly string[],
): string {
  const rest = tokens.slice(at);
  const token =
    rest.find(({ lower, kind }) => kind !== 'mark' && !FUNCTION_WORDS.has(lower)) ?? rest[0] ?? tokens.at(-1);
  const near = nearestNames(token?.lower ?? '', index);
  const hint = near.length > 0 ? ` Nearest names known here: ${near.join(', ')}.` : '';
  const place = earlier.length === 0 ? 'this question' : `“${question}”, also not as going on from “${earlier.at(-1)}”`;
  return `I could not place “${token?.text ?? ''}” in ${place}.${hint}`;
}

const MOST_NAMES = 3;

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
