import type { ConnectorDialect } from '#core/dialects.ts';
import { PLAIN_MYSQL_NAME, quoteMysqlName } from '../../mysql-names.ts';
import type { DateUnit } from '../logical-form.ts';

/** Where dialects differ in what the planner writes. A new engine is one more row. */
export interface SqlDialect {
  readonly plainIdentifier: RegExp;
  readonly quote: (name: string) => string;
  /** Where NULL sorts in ascending order when nothing is said. */
  readonly nullsSort: 'first' | 'last';
  /** Understands NULLS LAST. */
  readonly hasNullsLast: boolean;
  readonly textLiteral: (text: string) => string;
  /** Compares text and numbers by itself; otherwise one of them is cast. */
  readonly looseTypes: boolean;
  /** The name of a period as text, "2025-03", which also sorts in time. */
  readonly dateUnit: Readonly<Record<DateUnit, (column: string) => string>>;
  /** The average of integers has decimals. */
  readonly numberType: string;
  readonly like: string;
  /** Literals of dates beside date columns. */
  readonly dateLiteral: (day: string) => string;
}

const doubleQuoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const textLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const plainLiteral = (day: string): string => `'${day}'`;

const POSTGRES: SqlDialect = {
  plainIdentifier: /^[a-z_][a-z0-9_]*$/,
  quote: doubleQuoted,
  nullsSort: 'last',
  hasNullsLast: true,
  textLiteral,
  looseTypes: false,
  dateUnit: {
    day: (column) => `TO_CHAR(${column}, 'YYYY-MM-DD')`,
    week: (column) => `TO_CHAR(${column}, 'IYYY-"W"IW')`,
    month: (column) => `TO_CHAR(${column}, 'YYYY-MM')`,
    quarter: (column) => `TO_CHAR(${column}, 'YYYY-"Q"Q')`,
    year: (column) => `TO_CHAR(${column}, 'YYYY')`,
  },
  numberType: 'NUMERIC',
  like: 'ILIKE',
  dateLiteral: plainLiteral,
};

const SNOWFLAKE: SqlDialect = {
  plainIdentifier: /^[A-Z_][A-Z0-9_]*$/,
  quote: doubleQuoted,
  nullsSort: 'last',
  hasNullsLast: true,
  // A backslash escapes what follows it.
  textLiteral: (text) => textLiteral(text.replaceAll('\\', '\\\\')),
  looseTypes: false,
  dateUnit: {
    day: (column) => `TO_CHAR(${column}, 'YYYY-MM-DD')`,
    week: (column) => `YEAROFWEEKISO(${column}) || '-W' || LPAD(WEEKISO(${column}), 2, '0')`,
    month: (column) => `TO_CHAR(${column}, 'YYYY-MM')`,
    quarter: (column) => `YEAR(${column}) || '-Q' || QUARTER(${column})`,
    year: (column) => `TO_CHAR(${column}, 'YYYY')`,
  },
  numberType: 'NUMBER(38, 6)',
  like: 'ILIKE',
  dateLiteral: plainLiteral,
};

const SQLITE: SqlDialect = {
  plainIdentifier: /^[A-Za-z_][A-Za-z0-9_]*$/,
  quote: doubleQuoted,
  nullsSort: 'first',
  hasNullsLast: true,
  textLiteral,
  looseTypes: true,
  dateUnit: {
    day: (column) => `STRFTIME('%Y-%m-%d', ${column})`,
    week: (column) => `STRFTIME('%G-W%V', ${column})`,
    month: (column) => `STRFTIME('%Y-%m', ${column})`,
    quarter: (column) => `STRFTIME('%Y', ${column}) || '-Q' || ((STRFTIME('%m', ${column}) + 2) / 3)`,
    year: (column) => `STRFTIME('%Y', ${column})`,
  },
  numberType: 'NUMERIC',
  like: 'LIKE',
  dateLiteral: plainLiteral,
};

const MYSQL: SqlDialect = {
  plainIdentifier: PLAIN_MYSQL_NAME,
  quote: quoteMysqlName,
  nullsSort: 'first',
  hasNullsLast: false,
  // A backslash escapes what follows it.
  textLiteral: (text) => textLiteral(text.replaceAll('\\', '\\\\')),
  looseTypes: true,
  dateUnit: {
    day: (column) => `DATE_FORMAT(${column}, '%Y-%m-%d')`,
    week: (column) => `DATE_FORMAT(${column}, '%x-W%v')`,
    month: (column) => `DATE_FORMAT(${column}, '%Y-%m')`,
    quarter: (column) => `CONCAT(YEAR(${column}), '-Q', QUARTER(${column}))`,
    year: (column) => `DATE_FORMAT(${column}, '%Y')`,
  },
  // A DECIMAL without digits would cut what is behind the point.
  numberType: 'DOUBLE',
  like: 'LIKE',
  dateLiteral: plainLiteral,
};

const DUCKDB: SqlDialect = {
  plainIdentifier: /^[A-Za-z_][A-Za-z0-9_]*$/,
  quote: doubleQuoted,
  nullsSort: 'last',
  hasNullsLast: true,
  textLiteral,
  looseTypes: false,
  // Cast, as functions of dates take no time with a zone without an extension.
  dateUnit: {
    day: (column) => `STRFTIME(CAST(${column} AS TIMESTAMP), '%Y-%m-%d')`,
    week: (column) => `STRFTIME(CAST(${column} AS TIMESTAMP), '%G-W%V')`,
    month: (column) => `STRFTIME(CAST(${column} AS TIMESTAMP), '%Y-%m')`,
    quarter: (column) => `STRFTIME(CAST(${column} AS TIMESTAMP), '%Y-Q') || QUARTER(CAST(${column} AS TIMESTAMP))`,
    year: (column) => `STRFTIME(CAST(${column} AS TIMESTAMP), '%Y')`,
  },
  numberType: 'DOUBLE',
  like: 'ILIKE',
  dateLiteral: plainLiteral,
};

export const SQL_DIALECTS: Readonly<Record<Exclude<ConnectorDialect, 'mongodb'>, SqlDialect>> = {
  postgres: POSTGRES,
  mysql: MYSQL,
  mariadb: MYSQL,
  snowflake: SNOWFLAKE,
  sqlite: SQLITE,
  duckdb: DUCKDB,
};
