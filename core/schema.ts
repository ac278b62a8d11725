import { z } from 'zod';
import { ConnectorDialect } from './dialects.ts';
import { Mask } from './policy/mask.ts';
import { ValueKind } from './values.ts';

/** A database's schema as an agent discovers it, the control plane caches it and the planner reads it. */

export const SchemaColumn = z.object({
  name: z.string(),
  type: z.string(),
  kind: ValueKind,
  nullable: z.boolean(),
  comment: z.string().nullable(),
  /** How the agent's policy masks it: it can be shown and not be used otherwise. */
  masked: Mask.optional(),
  /** Of an enumerated type: all its values, in its own order; not told where there are very many. */
  values: z.array(z.string()).optional(),
});
export type SchemaColumn = z.infer<typeof SchemaColumn>;

export const ForeignKey = z.object({
  columns: z.array(z.string()).min(1),
  references: z.object({ schema: z.string().nullable(), table: z.string(), columns: z.array(z.string()).min(1) }),
});
export type ForeignKey = z.infer<typeof ForeignKey>;

const TABLE_KINDS = ['table', 'view', 'materialized view', 'foreign table'] as const;

export const SchemaTable = z.object({
  /** null where the engine has no schemas (SQLite). */
  schema: z.string().nullable(),
  name: z.string(),
  kind: z.enum(TABLE_KINDS),
  comment: z.string().nullable(),
  columns: z.array(SchemaColumn),
  primaryKey: z.array(z.string()),
  foreignKeys: z.array(ForeignKey),
  /** Each a set of columns that is unique together; the primary key is not repeated here. */
  uniqueKeys: z.array(z.array(z.string())),
  /** The engine's own estimate, not a count; null where it has none. */
  rowEstimate: z.number().nonnegative().nullable(),
  /** False for what the role sees but may not read. */
  readable: z.boolean(),
  /** Of a table that is made of others: how many hold its rows. They are not listed themselves. */
  partitions: z.int().positive().optional(),
});
export type SchemaTable = z.infer<typeof SchemaTable>;

export const DatabaseSchema = z.object({
  dialect: ConnectorDialect,
  /** The server's own version text. */
  version: z.string(),
  /** Names a statement may leave unqualified, in the engine's order (PostgreSQL's search_path). */
  defaultSchemas: z.array(z.string()),
  tables: z.array(SchemaTable),
});
export type DatabaseSchema = z.infer<typeof DatabaseSchema>;
