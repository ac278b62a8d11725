import type { ConnectorDialect } from '#core/dialects.ts';

/** Reserved in PostgreSQL, Snowflake or SQLite, and yet what tables and columns are called. */
const RESERVED = new Set(
  `all and any array as asc by case cast check column constraint create default desc distinct do else end except
   false for foreign from grant group having in index into is join key left like limit natural not null offset on
   only or order primary references right select set table then to transaction true union unique user using values
   when where window with`.split(/\s+/),
);

/** What a name looks like that means itself when it is bare, which is folded to lower or to upper case. */
const BARE: Readonly<Record<ConnectorDialect, RegExp>> = {
  postgres: /^[a-z_][a-z0-9_]*$/,
  snowflake: /^[A-Z_][A-Z0-9_]*$/,
  sqlite: /^[a-z_][a-z0-9_]*$/,
};

/** As the dialect wants it; bare where that means the same. */
export function quoteIdentifier(name: string, dialect: ConnectorDialect): string {
  return BARE[dialect].test(name) && !RESERVED.has(name.toLowerCase()) ? name : `"${name.replaceAll('"', '""')}"`;
}
