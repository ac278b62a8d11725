import type { Dialect } from '../../dialects.ts';
import { POSTGRES } from './dialects/postgres.ts';
import { SQLITE } from './dialects/sqlite.ts';
import type { Samples } from './samples.ts';

type SqlDialect = Exclude<Dialect, 'mongodb'>;

/** The dialects whose statements are SQL. */
const SQL_SAMPLES: Readonly<Record<SqlDialect, Samples>> = { postgres: POSTGRES, sqlite: SQLITE };
export const SQL_DIALECTS = Object.entries(SQL_SAMPLES).map(([dialect, samples]) => ({
  dialect: dialect as SqlDialect,
  samples,
}));
