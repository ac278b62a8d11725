import type { SQLOutputValue } from 'node:sqlite';

/**
 * A value as JSON. SQLite stores integers of 64 bits: what a double holds exactly is a number, what
 * it does not is a string. A REAL is a number unless it is infinite. A BLOB is \x and its bytes in hex.
 */
export function cellToJson(value: SQLOutputValue): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'bigint': {
      const digits = value.toString();
      return value >= MIN_SAFE && value <= MAX_SAFE ? digits : `"${digits}"`;
    }
    case 'number':
      return Number.isFinite(value) ? String(value) : `"${value}"`;
    default:
      return value === null ? 'null' : `"\\\\x${hex(value)}"`;
  }
}

/** The text of what cellToJson makes of a value that is not NULL. */
export function cellText(value: NonNullable<SQLOutputValue>): string {
  return typeof value === 'object' ? `\\x${hex(value)}` : String(value);
}

const MIN_SAFE = BigInt(Number.MIN_SAFE_INTEGER);
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
