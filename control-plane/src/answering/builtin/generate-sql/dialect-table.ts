import type { ConnectorDialect } from '#core/dialects.ts';
import type { DateUnit } from '../logical-form.ts';

/** Where dialects differ in what the planner writes. A new engine is one more row. */
export interface SqlDialect {
  readonly plainIdentifier: RegExp;
  readonly quote: (name: string) => string;
  /** Where NULL sorts in ascending order when nothing is said. */
  readonly nullsSort: 'first' | 'last';
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
const plainLiteral = (day: string): string => `'${day}'`;

const POSTGRES: SqlDialect = {
  plainIdentifier: /^[a-z_][a-z0-9_]*$/,
  quote: doubleQuoted,
  nullsSort: 'last',
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

export const SQL_DIALECTS: Readonly<Record<ConnectorDialect, SqlDialect>> = {
  postgres: POSTGRES,
  snowflake: SNOWFLAKE,
  sqlite: SQLITE,
};
