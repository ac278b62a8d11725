import { z } from 'zod';

/** Dialects the guard knows, by the name used in messages and flags. */
export const DIALECTS = ['postgres', 'mysql', 'mariadb', 'snowflake', 'sqlite', 'duckdb', 'mongodb'] as const;
export type Dialect = (typeof DIALECTS)[number];

/** Those of them that a connector exists for. */
const CONNECTOR_DIALECTS = ['postgres', 'snowflake', 'sqlite'] as const;
export const ConnectorDialect = z.enum(CONNECTOR_DIALECTS);
export type ConnectorDialect = z.infer<typeof ConnectorDialect>;

/** The HTTP interface's `db_type`. */
export const DB_TYPES = ['POSTGRESQL', 'SNOWFLAKE', 'SQLITE'] as const;
export const DbType = z.enum(DB_TYPES);
export type DbType = z.infer<typeof DbType>;

export const DIALECT_OF: Readonly<Record<DbType, ConnectorDialect>> = {
  POSTGRESQL: 'postgres',
  SNOWFLAKE: 'snowflake',
  SQLITE: 'sqlite',
};
