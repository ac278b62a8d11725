import type { SchemaTable } from '#core/schema.ts';

/** A table, or a column of one, that fits what was looked for. */
export interface FoundEntry {
  readonly table: string;
  /** Null for the table itself. */
  readonly column: string | null;
  /** A column's type, or what kind of table it is. */
  readonly type: string;
  readonly comment: string | null;
}

/** How well one word fits. A column may owe a word to its table's name, but not all of them. */
const POINTS = { name: 100, word: 60, start: 40, inside: 20, table: 8, commentWord: 6, comment: 3 };
/** Between equals, tables come before columns. */
const TABLE_POINTS = 5;

/** Every word has to be in a name or a comment, whatever its case; best first, then by name. */
export function rankSchema(tables: readonly SchemaTable[], text: string): FoundEntry[] {
  const words = wordsOf(text);
  if (words.length === 0) return [];
  const found: { readonly entry: FoundEntry; readonly points: number }[] = [];
  for (const { schema, name, kind, comment, columns } of tables) {
    const table = schema === null ? name : `${schema}.${name}`;
    const own = points(words, { name, comment });
    if (own > 0) found.push({ entry: { table, column: null, type: kind, comment }, points: own + TABLE_POINTS });
    for (const column of columns) {
      const entry = { table, column: column.name, type: column.type, comment: column.comment };
      const fit = points(words, { name: column.name, comment: column.comment, table: name });
      if (fit > 0) found.push({ entry, points: fit });
    }
  }
  const key = ({ table, column }: FoundEntry): string => `${table}\0${column ?? ''}`;
  return found
    .toSorted((a, b) => b.points - a.points || (key(a.entry) < key(b.entry) ? -1 : 1))
    .map(({ entry }) => entry);
}

interface Searched {
  readonly name: string;
  readonly comment: string | null;
  readonly table?: string;
}

/** None where a word is nowhere, or where all are the table's. */
function points(words: readonly string[], { name, comment, table = '' }: Searched): number {
  const own = { name: name.toLowerCase(), words: wordsOf(name) };
  const said = { text: comment?.toLowerCase() ?? '', words: wordsOf(comment ?? '') };
  const joined = words.join('_');
  let total = own.name === joined || own.words.join('_') === joined ? POINTS.name : 0;
  let isOwn = false;
  for (const word of words) {
    const fit = fitOf(word, own, said);
    isOwn ||= fit > 0;
    const borrowed = fit === 0 && table.toLowerCase().includes(word) ? POINTS.table : 0;
    if (fit + borrowed === 0) return 0;
    total += fit + borrowed;
  }
  return isOwn ? total : 0;
}

function fitOf(
  word: string,
  own: { readonly name: string; readonly words: readonly string[] },
  said: { readonly text: string; readonly words: readonly string[] },
): number {
  if (own.words.includes(word)) return POINTS.word;
  if (own.words.some((part) => part.startsWith(word))) return POINTS.start;
  if (own.name.includes(word)) return POINTS.inside;
  if (said.words.includes(word)) return POINTS.commentWord;
  return said.text.includes(word) ? POINTS.comment : 0;
}

/** Lower case, split where names are: order_items, orderItems. */
function wordsOf(text: string): string[] {
  const parts = text
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu);
  return parts ?? [];
}
