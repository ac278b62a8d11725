import { z } from 'zod';

/** Dialects the guard knows and connectors exist for, by the name used in messages and flags. */
export const DIALECTS = ['postgres', 'sqlite'] as const;
export const Dialect = z.enum(DIALECTS);
export type Dialect = z.infer<typeof Dialect>;

/** The HTTP interface's `db_type`. */
export const DB_TYPES = ['POSTGRESQL', 'SQLITE'] as const;
export const DbType = z.enum(DB_TYPES);
export type DbType = z.infer<typeof DbType>;

export const DIALECT_OF: Readonly<Record<DbType, Dialect>> = { POSTGRESQL: 'postgres', SQLITE: 'sqlite' };
