import type { DuckDBDecimalValue, DuckDBTimestampValue, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { decimalText, timestampTexts } from './fast-texts.ts';

/** A value that is not NULL as JSON: a number, a boolean, a string. */
export type ScalarWriter = (value: Exclude<DuckDBValue, null>) => string;

/** By DuckDB's number of the type (duckdb.h), which the driver's enum repeats: that would have to be loaded first. */
export const TYPE = {
  ...{
    FLOAT: 10,
    TIMESTAMP: 12,
    DATE: 13,
    VARCHAR: 17,
    BLOB: 18,
    DECIMAL: 19,
    LIST: 24,
    STRUCT: 25,
    MAP: 26,
    UNION: 28,
    ARRAY: 33,
  },
  ...{ GEOMETRY: 40, VARIANT: 41 },
} as const;

export function scalarWriter(type: DuckDBType): ScalarWriter {
  switch (Number(type.typeId)) {
    case TYPE.FLOAT:
      return (value) => (typeof value === 'number' ? shortNumber(value) : jsonOf(value));
    case TYPE.DECIMAL:
      return (value) => (isDecimal(value) ? `"${decimalText(value)}"` : jsonOf(value));
    case TYPE.TIMESTAMP: {
      const timestampText = timestampTexts();
      return (value) => (isTimestamp(value) ? `"${timestampText(value)}"` : jsonOf(value));
    }
    case TYPE.DATE:
      return (value) => JSON.stringify(dateText(value));
    case TYPE.BLOB:
    case TYPE.GEOMETRY:
      return (value) => JSON.stringify(hexText(value));
    default:
      return jsonOf;
  }
}

const isDecimal = (value: DuckDBValue): value is DuckDBDecimalValue =>
  typeof value === 'object' && value !== null && 'scale' in value;
const isTimestamp = (value: DuckDBValue): value is DuckDBTimestampValue =>
  typeof value === 'object' && value !== null && 'micros' in value;

/** Whatever the type is, so long as the value itself says how it is written. */
function jsonOf(value: Exclude<DuckDBValue, null>): string {
  switch (typeof value) {
    case 'boolean':
      return String(value);
    case 'number':
      return numberText(value);
    case 'bigint':
      return value >= MIN_SAFE && value <= MAX_SAFE ? String(value) : `"${value}"`;
    case 'string':
      return JSON.stringify(value);
    default:
      return JSON.stringify(value.toString());
  }
}

const MIN_SAFE = BigInt(Number.MIN_SAFE_INTEGER);
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

function numberText(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  return Object.is(value, -0) ? '-0' : String(value);
}

/** The shortest decimal number that is this one in 32 bits, as DuckDB writes it. */
function shortNumber(value: number): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) return numberText(value);
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

const MAX_DAYS = 2 ** 31 - 1;

/** The driver's own text of the two infinite dates is that of finite ones. */
function dateText(value: DuckDBValue): string {
  const days = typeof value === 'object' && value !== null && 'days' in value ? value.days : 0;
  if (Math.abs(days) === MAX_DAYS) return days > 0 ? 'infinity' : '-infinity';
  return String(value);
}

/** As every engine's binary here. A geometry is its WKB. */
function hexText(value: DuckDBValue): string {
  if (typeof value !== 'object' || value === null || !('bytes' in value)) return String(value);
  const { buffer, byteOffset, byteLength } = value.bytes;
  return `\\x${Buffer.from(buffer, byteOffset, byteLength).toString('hex')}`;
}
