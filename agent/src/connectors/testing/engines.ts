import { duckdbEngine } from './duckdb-engine.ts';
import type { Engine } from './engine.ts';
import { mongodbEngine, mongodbEngines } from './mongodb-engine.ts';
import { mariadbEngine, mysqlEngines } from './mysql-engines.ts';
import { pgbouncerEngine, postgresEngine, versionEngines } from './postgres-engine.ts';
import { snowflakeEngine } from './snowflake-engine.ts';
import { sqliteEngine } from './sqlite-engine.ts';

/** Of which every run of the tests has exactly these. */
export const ENGINES: readonly Engine[] = [
  postgresEngine,
  pgbouncerEngine,
  mariadbEngine,
  sqliteEngine,
  duckdbEngine,
  mongodbEngine,
  snowflakeEngine,
];

/** Which versions there are depends on the run; and servers of somebody's own, that nobody has to have. */
export const moreEngines = (): readonly Engine[] => [...versionEngines(), ...mysqlEngines(), ...mongodbEngines()];

/** The columns of the table: whichever versions a run has, nothing is absent from any of them. */
export const TABLE_COLUMNS: readonly Pick<Engine, 'name' | 'absent'>[] = ENGINES.flatMap((engine) =>
  engine === pgbouncerEngine ? [engine, { name: 'postgres 13 to 18' }] : [engine],
);
