import type { Samples } from '../samples.ts';
import { MYSQL } from './mysql.ts';

/** MySQL's, and what only MariaDB has. */
export const MARIADB: Samples = {
  ...MYSQL,
  allowed: [
    ...MYSQL.allowed.filter((sql) => !sql.includes('any_value')),
    "select * from t for system_time as of timestamp '2024-01-01 00:00:00' where a = 1",
    'select * from t for system_time between (now() - interval 1 year) and now() as x, u for system_time all',
    'select * from t order by a offset 2 rows fetch next 3 rows with ties',
    'select * from t limit 10 rows examined 1000',
    'select a from t limit rows examined 10',
    'select \\N, nvl(a, 1), json_detailed(b), median(a) over (partition by b), percentile_cont(0.5) within group (order by a) over (partition by b) from t',
    'select * from seq_1_to_10',
    'with recursive r as (select 1 as n union select n + 1 from r where n < 5) cycle n restrict select * from r',
  ],
  refused: {
    ...MYSQL.refused,
    NOT_READ_ONLY: [
      ...(MYSQL.refused.NOT_READ_ONLY ?? []),
      'set statement max_statement_time = 0 for select 1',
      'analyze format=json select 1',
      "execute immediate 'select 1'",
      'backup stage start',
    ],
    CONSTRUCT_NOT_ALLOWED: [
      ...(MYSQL.refused.CONSTRUCT_NOT_ALLOWED ?? []),
      'select * from seq_1_to_1000000000',
      'select a.b.c from t natural join u',
      'select 1 from t join u using (a) where db.t.nix = 1',
      'select * from information_schema.user_statistics',
    ],
  },
};
