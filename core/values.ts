import { z } from 'zod';
import { Mask } from './policy/mask.ts';

/**
 * How values travel. A row is a JSON array, so that columns of the same name survive. A cell is a
 * JSON value where JSON is exact (booleans, 32-bit integers, finite doubles, text, NULL as null);
 * everything else is a string in the engine's own exact text form, and its column's `type` and
 * `kind` say what it is. PostgreSQL's int8 and numeric are strings, always. SQLite has no exact decimals:
 * what it stores as a double is a number whatever the column was declared as.
 */
export type Cell = string | number | boolean | null;
export type Row = readonly Cell[];

export const VALUE_KINDS = [
  'boolean',
  'integer',
  'float',
  'decimal',
  'text',
  'date',
  'time',
  'timestamp',
  'interval',
  'uuid',
  'json',
  'binary',
  'array',
  'other',
] as const;
export const ValueKind = z.enum(VALUE_KINDS);
export type ValueKind = z.infer<typeof ValueKind>;

export const Column = z.object({
  name: z.string(),
  /** The engine's own name of the type: int8, numeric, timestamptz, VARCHAR(20) … */
  type: z.string(),
  /** What it is in every engine's eyes; decides alignment, charts and the planner's reading. */
  kind: ValueKind,
  /** What the agent's policy shows instead of its values; there only where it does. `type` and `kind` are of what is shown. */
  masked: Mask.optional(),
});
export type Column = z.infer<typeof Column>;
