import type { DuckDBResult, DuckDBType } from '@duckdb/node-api';
import type { Column, ValueKind } from '#core/values.ts';

const KINDS: Readonly<Record<string, ValueKind>> = {
  ...{
    BOOLEAN: 'boolean',
    FLOAT: 'float',
    DOUBLE: 'float',
    VARCHAR: 'text',
    JSON: 'json',
    UUID: 'uuid',
    BLOB: 'binary',
  },
  ...{ TINYINT: 'integer', SMALLINT: 'integer', INTEGER: 'integer', BIGINT: 'integer', HUGEINT: 'integer' },
  ...{ UTINYINT: 'integer', USMALLINT: 'integer', UINTEGER: 'integer', UBIGINT: 'integer', UHUGEINT: 'integer' },
  ...{ BIGNUM: 'integer', VARINT: 'integer', DATE: 'date', TIME: 'time', TIME_NS: 'time', INTERVAL: 'interval' },
  ...{ 'TIME WITH TIME ZONE': 'time', 'TIMESTAMP WITH TIME ZONE': 'timestamp', TIMESTAMP: 'timestamp' },
  ...{ TIMESTAMP_S: 'timestamp', TIMESTAMP_MS: 'timestamp', TIMESTAMP_NS: 'timestamp', VARIANT: 'json' },
};

/** With parameters; an array's name begins with that of its items. */
const BY_FORM: readonly (readonly [RegExp, ValueKind])[] = [
  [/\[\d*\]$/, 'array'],
  [/^DECIMAL\(/, 'decimal'],
  [/^ENUM\(/, 'text'],
  [/^(?:STRUCT|MAP|UNION)\(/, 'json'],
];

/** By a type's name as DuckDB writes it. */
export const kindOf = (type: string): ValueKind =>
  BY_FORM.find(([form]) => form.test(type))?.[1] ?? KINDS[type] ?? 'other';

/** JSON is text under another name; types that a database has made have names of their own. */
const nameOf = (type: DuckDBType): string => type.alias ?? type.toString();

export function resultColumns(result: DuckDBResult): Column[] {
  const types = result.columnTypes();
  return result.columnNames().map((name, index) => {
    const type = types[index];
    if (type === undefined) return { name, type: '', kind: 'other' };
    const kind = kindOf(nameOf(type));
    return { name, type: nameOf(type), kind: kind === 'other' ? kindOf(type.toString()) : kind };
  });
}
