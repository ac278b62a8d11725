import type { SQLOutputValue } from 'node:sqlite';

/** What JSON.stringify writes as the cell. */
export type SqliteCell = string | number | null;

/**
 * A value as its cell. SQLite stores integers of 64 bits: what a double holds exactly is a number, what
 * it does not is a string. A REAL is a number unless it is infinite. A BLOB is \x and its bytes in hex.
 */
export function cellOf(value: SQLOutputValue): SqliteCell {
  switch (typeof value) {
    case 'string':
      return value;
    case 'bigint': {
      const number = Number(value); // rounded past 2⁵³, and never back into what is safe
      return Number.isSafeInteger(number) ? number : value.toString();
    }
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    default:
      return value === null ? null : `\\x${hex(value)}`;
  }
}

/** The text of what cellOf makes of a value that is not NULL. */
export function cellText(value: NonNullable<SQLOutputValue>): string {
  return typeof value === 'object' ? `\\x${hex(value)}` : String(value);
}

const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
