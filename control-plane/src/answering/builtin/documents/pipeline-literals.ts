import type { Expression, Literal } from '../logical-form.ts';
import type { Json } from './document-paths.ts';

/** A literal of the kind its field has, as Extended JSON. */
export function jsonLiteral(value: Literal, beside: Expression): Json {
  const kind = beside.kind === 'column' ? beside.column.column.kind : 'integer';
  if (value.kind === 'number') return kind === 'text' ? value.text : value.number;
  if (kind === 'boolean') return value.text === 'true';
  if (kind === 'uuid') return { $uuid: value.text };
  if (kind === 'other' && /^[0-9a-f]{24}$/i.test(value.text)) return { $oid: value.text };
  const numeric = kind === 'integer' || kind === 'float' || kind === 'decimal';
  return numeric && /^-?\d+(\.\d+)?$/.test(value.text) ? Number(value.text) : value.text;
}

/** The beginning of a day beside this field: a date, or the text that dates are kept as. */
export const jsonDay = (day: string, beside: Expression): Json =>
  beside.kind === 'column' && beside.column.column.kind === 'text' ? day : { $date: `${day}T00:00:00Z` };

/** A LIKE pattern as a regular expression. */
export function likePattern(pattern: string): string {
  const inner = pattern
    .replace(/^%/, '')
    .replace(/%$/, '')
    .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return `${pattern.startsWith('%') ? '' : '^'}${inner}${pattern.endsWith('%') ? '' : '$'}`;
}
