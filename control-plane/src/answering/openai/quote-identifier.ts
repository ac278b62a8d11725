import type { ConnectorDialect } from '#core/dialects.ts';
import { PLAIN_MYSQL_NAME, quoteMysqlName } from '../mysql-names.ts';

/** Reserved in PostgreSQL, Snowflake or SQLite, and yet what tables and columns are called. */
const RESERVED = new Set(
  `all and any array as asc by case cast check column constraint create default desc distinct do else end except
   false for foreign from grant group having in index into is join key left like limit natural not null offset on
   only or order primary references right select set table then to transaction true union unique user using values
   when where window with`.split(/\s+/),
);

/** As the dialect wants it; bare where that means the same: what is bare is folded to lower or to upper case. */
export function quoteIdentifier(name: string, dialect: ConnectorDialect): string {
  const bare = dialect === 'snowflake' ? /^[A-Z_][A-Z0-9_]*$/ : /^[a-z_][a-z0-9_]*$/;
  const isPlain = bare.test(name) && !RESERVED.has(name.toLowerCase());
  if (dialect === 'mysql' || dialect === 'mariadb') {
    return isPlain && PLAIN_MYSQL_NAME.test(name) ? name : quoteMysqlName(name);
  }
  return isPlain ? name : `"${name.replaceAll('"', '""')}"`;
}
