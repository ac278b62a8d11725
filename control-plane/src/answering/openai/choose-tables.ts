import type { DatabaseSchema, SchemaTable } from '#core/schema.ts';
import { renderTable, tableName } from './render-schema.ts';

/** About 8,000 tokens; a model reads more, and answers worse. */
const SCHEMA_CHARACTERS = 32_000;
const NAMED_TABLES = 300;

export interface ShownSchema {
  /** CREATE TABLE text. */
  readonly tables: readonly string[];
  /** Names of what did not fit. */
  readonly others: readonly string[];
  /** Names of what is there and may not be read. */
  readonly unreadable: readonly string[];
}

/** The whole schema when it is small, else the tables that have most to do with the question. */
export function chooseTables(question: string, schema: DatabaseSchema): ShownSchema {
  const readable = schema.tables.filter((table) => table.readable);
  const tables: string[] = [];
  const others: string[] = [];
  let room = SCHEMA_CHARACTERS;
  for (const table of byRelevance(question, readable)) {
    const text = room > 0 ? renderTable(table, schema) : '';
    room -= text.length;
    if (text !== '' && room >= 0) tables.push(text);
    else others.push(tableName(table, schema));
  }
  const unreadable = schema.tables.filter((table) => !table.readable).map((table) => tableName(table, schema));
  return { tables, others: others.slice(0, NAMED_TABLES), unreadable: unreadable.slice(0, NAMED_TABLES) };
}

/** Most relevant first; a table referenced by a relevant one comes soon after it. */
function byRelevance(question: string, tables: readonly SchemaTable[]): SchemaTable[] {
  const asked = new Set(words(question));
  const own = new Map(tables.map((table) => [table, score(table, asked)]));
  const byName = Map.groupBy(tables, ({ name }) => name);
  const total = new Map(own);
  for (const [table, points] of own) {
    for (const { references } of table.foreignKeys) {
      for (const neighbour of byName.get(references.table) ?? []) {
        total.set(neighbour, Math.max(total.get(neighbour) ?? 0, (own.get(neighbour) ?? 0) + points / 2));
      }
    }
  }
  return tables.toSorted((a, b) => (total.get(b) ?? 0) - (total.get(a) ?? 0));
}

function score({ name, comment, columns }: SchemaTable, asked: ReadonlySet<string>): number {
  const hits = (text: string): number => words(text).filter((word) => asked.has(word)).length;
  const inColumns = columns.reduce((sum, column) => sum + hits(column.name) + hits(column.comment ?? '') / 4, 0);
  return 4 * hits(name) + hits(comment ?? '') + inColumns;
}

/** Lower case, split where names are (order_items, orderItems), without the plural's s. */
function words(text: string): string[] {
  const parts =
    text
      .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return parts.map((word) => (word.length > 3 ? word.replace(/ies$/, 'y').replace(/s$/, '') : word));
}
