import type { FoundValue } from '#core/protocol/messages.ts';
import type { ColumnEntry } from '../schema-index/entries.ts';
import type { SchemaIndex } from '../schema-index/schema-index.ts';
import type { NameLink } from './link-names.ts';

/** How data spells yes in columns of text; looked for only where a schema has such columns. */
const YES = ['T', 'Y', 'yes', 'true'];

const saysIfSo = ({ column }: ColumnEntry): boolean =>
  /^(is|has)(_|(?=\p{Lu}))/iu.test(column.name) ||
  (column.kind === 'integer' && /^(\p{L}+ed|active)$/iu.test(column.name));

/** Columns that say yes or no: booleans, and is_… or has_… of other kinds. */
export function isFlag(column: ColumnEntry): boolean {
  const { kind } = column.column;
  return kind === 'boolean' || ((kind === 'integer' || kind === 'text') && saysIfSo(column));
}

/** The spellings of yes to look for, if some flag of this schema is kept as text. */
export function flagTexts(index: SchemaIndex): readonly string[] {
  const asText = index.tables.some(({ columns }) =>
    columns.some((column) => column.column.kind === 'text' && isFlag(column)),
  );
  return asText ? YES : [];
}

/** "discontinued products", "official languages": a flag's name used as an adjective means yes. */
export function linkFlags(names: readonly NameLink[], index: SchemaIndex, found: readonly FoundValue[]): NameLink[] {
  return names.flatMap(({ from, to, candidate }): NameLink[] => {
    if (candidate.kind !== 'column' || candidate.namesTable || candidate.quality < 0.9 || !isFlag(candidate.column))
      return [];
    const value = yesOf(candidate.column, index, found);
    return value === null
      ? []
      : [{ from, to, candidate: { kind: 'value', column: candidate.column, value, quality: 0.95 } }];
  });
}

function yesOf(column: ColumnEntry, index: SchemaIndex, found: readonly FoundValue[]): string | null {
  if (column.column.kind === 'boolean') return 'true';
  if (column.column.kind === 'integer') return '1';
  const hit = found.find(
    ({ text, table, column: name, schema }) => YES.includes(text) && index.column(table, name, schema) === column,
  );
  return hit?.value ?? null;
}
