import { z } from 'zod';

/** Dialects the guard knows, by the name used in messages and flags. */
export const DIALECTS = ['postgres', 'mysql', 'mariadb', 'snowflake', 'sqlite', 'duckdb', 'mongodb'] as const;
export type Dialect = (typeof DIALECTS)[number];

/** Those of them that a connector exists for. */
const CONNECTOR_DIALECTS = ['postgres', 'mysql', 'mariadb', 'snowflake', 'sqlite', 'duckdb', 'mongodb'] as const;
export const ConnectorDialect = z.enum(CONNECTOR_DIALECTS);
export type ConnectorDialect = z.infer<typeof ConnectorDialect>;

/** The HTTP interface's `db_type`. */
export const DB_TYPES = ['POSTGRESQL', 'MYSQL', 'SNOWFLAKE', 'SQLITE', 'DUCKDB', 'MONGODB'] as const;
export const DbType = z.enum(DB_TYPES);
export type DbType = z.infer<typeof DbType>;

/** What a database of each type may speak; where that is more than one thing, its agent tells. The first stands for it until then. */
export const DIALECTS_OF: Readonly<Record<DbType, readonly [ConnectorDialect, ...ConnectorDialect[]]>> = {
  POSTGRESQL: ['postgres'],
  MYSQL: ['mysql', 'mariadb'],
  SNOWFLAKE: ['snowflake'],
  SQLITE: ['sqlite'],
  DUCKDB: ['duckdb'],
  MONGODB: ['mongodb'],
};
