import { z } from 'zod';
import type { ValueKind } from '#core/values.ts';

/** A column of a result as the server describes it. What it says of the table it comes from is not relied on: column-masks.ts. */
export const RowType = z.object({
  name: z.string(),
  type: z.string(),
  precision: z.number().nullish(),
  scale: z.number().nullish(),
  length: z.number().nullish(),
  /** What is sent as another type: GEOGRAPHY, GEOMETRY. */
  extTypeName: z.string().nullish(),
  vectorDimension: z.number().nullish(),
  fields: z.array(z.object({ type: z.string() })).nullish(),
});
export type RowType = z.infer<typeof RowType>;

const KINDS: Readonly<Record<string, ValueKind>> = {
  fixed: 'integer',
  real: 'float',
  decfloat: 'decimal',
  text: 'text',
  boolean: 'boolean',
  binary: 'binary',
  date: 'date',
  time: 'time',
  timestamp_ntz: 'timestamp',
  timestamp_ltz: 'timestamp',
  timestamp_tz: 'timestamp',
  variant: 'json',
  object: 'json',
  map: 'json',
  array: 'array',
  vector: 'array',
};

export function kindOf({ type, scale, extTypeName }: Omit<RowType, 'name'>): ValueKind {
  if (extTypeName) return 'other';
  if (type === 'fixed' && (scale ?? 0) > 0) return 'decimal';
  return KINDS[type] ?? 'other';
}

const NAMES: Readonly<Record<string, string>> = { fixed: 'NUMBER', real: 'FLOAT', text: 'VARCHAR' };
/** A VARCHAR and a BINARY that say no length have the longest there is, which was once this. */
const LONGEST: Readonly<Record<string, number>> = { text: 16_777_216, binary: 8_388_608 };
const FINEST_SCALE = 9;

/** As Snowflake writes it in a CREATE TABLE, leaving out what goes without saying. */
export function typeName(column: Omit<RowType, 'name'>): string {
  const { type, precision, scale, length, extTypeName, vectorDimension, fields } = column;
  if (extTypeName) return extTypeName.toUpperCase();
  const name = NAMES[type] ?? type.toUpperCase();
  const longest = LONGEST[type];
  if (type === 'fixed') return `NUMBER(${precision ?? 38},${scale ?? 0})`;
  if (longest !== undefined) return length && length < longest ? `${name}(${length})` : name;
  if (type === 'vector' && vectorDimension) {
    return `VECTOR(${fields?.[0]?.type === 'fixed' ? 'INT' : 'FLOAT'}, ${vectorDimension})`;
  }
  const hasScale = type.startsWith('time') && typeof scale === 'number' && scale !== FINEST_SCALE;
  return hasScale ? `${name}(${scale})` : name;
}
