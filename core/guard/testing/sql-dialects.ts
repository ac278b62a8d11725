import type { Dialect } from '../../dialects.ts';
import { DUCKDB } from './dialects/duckdb.ts';
import { MARIADB } from './dialects/mariadb.ts';
import { MYSQL } from './dialects/mysql.ts';
import { POSTGRES } from './dialects/postgres.ts';
import { SNOWFLAKE } from './dialects/snowflake.ts';
import { SQLITE } from './dialects/sqlite.ts';
import type { Samples } from './samples.ts';

type SqlDialect = Exclude<Dialect, 'mongodb'>;

/** The dialects whose statements are SQL. */
const SQL_SAMPLES: Readonly<Record<SqlDialect, Samples>> = {
  postgres: POSTGRES,
  mysql: MYSQL,
  mariadb: MARIADB,
  snowflake: SNOWFLAKE,
  sqlite: SQLITE,
  duckdb: DUCKDB,
};
export const SQL_DIALECTS = Object.entries(SQL_SAMPLES).map(([dialect, samples]) => ({
  dialect: dialect as SqlDialect,
  samples,
}));
