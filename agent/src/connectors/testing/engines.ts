import { duckdbEngine } from './duckdb-engine.ts';
import type { Engine } from './engine.ts';
import { mongodbEngine, mongodbEngines } from './mongodb-engine.ts';
import { mariadbEngine, mysqlEngines } from './mysql-engines.ts';
import { postgresEngine } from './postgres-engine.ts';
import { snowflakeEngine } from './snowflake-engine.ts';
import { sqliteEngine } from './sqlite-engine.ts';

/** What every run of the tests has. */
export const ENGINES: readonly Engine[] = [
  postgresEngine,
  mariadbEngine,
  sqliteEngine,
  duckdbEngine,
  mongodbEngine,
  snowflakeEngine,
];

/** Servers of somebody's own, that nobody has to have. */
export const realEngines = (): readonly Engine[] => [...mysqlEngines(), ...mongodbEngines()];
