import type { Expression, Literal } from '../logical-form.ts';
import type { ColumnEntry } from '../schema-index/entries.ts';
import type { SqlDialect } from './dialect-table.ts';

const NUMERIC_KINDS = new Set(['integer', 'float', 'decimal']);

export const isNumeric = ({ column }: ColumnEntry): boolean => NUMERIC_KINDS.has(column.kind);

/** A literal of the kind its column has: numbers bare beside numbers, texts beside everything else. */
export function literal(value: Literal, beside: Expression, { textLiteral }: SqlDialect): string {
  if (value.kind === 'text') {
    if (beside.kind === 'column' && beside.column.column.kind === 'boolean' && value.text === 'true') return 'TRUE';
    const bare = beside.kind === 'column' && isNumeric(beside.column) && /^-?\d+(\.\d+)?$/.test(value.text);
    return bare ? value.text : textLiteral(value.text);
  }
  const textual = beside.kind === 'column' && !isNumeric(beside.column);
  return textual ? textLiteral(value.text) : String(value.number);
}

/** Keys of different kinds (a text that holds a number) are compared as texts where the engine does not do so itself. */
export function joinCondition(
  left: string,
  near: ColumnEntry,
  right: string,
  far: ColumnEntry,
  dialect: SqlDialect,
): string {
  const alike = near.column.kind === far.column.kind || (isNumeric(near) && isNumeric(far));
  if (alike || dialect.looseTypes) return `${left} = ${right}`;
  const asText = (text: string, column: ColumnEntry): string =>
    column.column.kind === 'text' ? text : `CAST(${text} AS TEXT)`;
  return `${asText(left, near)} = ${asText(right, far)}`;
}
