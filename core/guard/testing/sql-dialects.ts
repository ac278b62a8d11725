import type { Dialect } from '../../dialects.ts';
import { MARIADB } from './dialects/mariadb.ts';
import { MYSQL } from './dialects/mysql.ts';
import { POSTGRES } from './dialects/postgres.ts';
import { SQLITE } from './dialects/sqlite.ts';
import type { Samples } from './samples.ts';

/** The dialects whose statements are SQL. */
const SQL_SAMPLES: Readonly<Record<Dialect, Samples>> = {
  postgres: POSTGRES,
  sqlite: SQLITE,
  mysql: MYSQL,
  mariadb: MARIADB,
};
export const SQL_DIALECTS = Object.entries(SQL_SAMPLES).map(([dialect, samples]) => ({
  dialect: dialect as Dialect,
  samples,
}));
