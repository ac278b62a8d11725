import type { Rules } from '../../decide.ts';
import type { Names } from '../../parsing/cursor.ts';
import { MYSQL_NAMES } from './keywords.ts';
import { ALLOWED_FUNCTIONS as MARIADB_FUNCTIONS } from './mariadb-functions.ts';
import { ALLOWED_FUNCTIONS as MYSQL_FUNCTIONS } from './mysql-functions.ts';
import { rulesFor } from './rules.ts';

export type Flavour = 'mysql' | 'mariadb';

/** What tells the two engines apart; the grammar is one, and either engine refuses what only the other has. */
export interface Engine {
  readonly names: Names;
  readonly rules: Rules;
  /** Whether `db.t.a` in a join by name can crash the server. */
  readonly diesOfSchemas: boolean;
}

export function engineOf(flavour: Flavour): Engine {
  const isMysql = flavour === 'mysql';
  const dialect = isMysql ? 'MySQL' : 'MariaDB';
  return {
    names: { ...MYSQL_NAMES, dialect },
    diesOfSchemas: !isMysql,
    rules: rulesFor(dialect, isMysql ? MYSQL_FUNCTIONS : MARIADB_FUNCTIONS),
  };
}
