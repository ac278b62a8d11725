/**
 * Messages from a PostgreSQL server, as far as a query meets them.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export const BACKEND = {
  parseComplete: 0x31, // 1
  commandComplete: 0x43, // C
  dataRow: 0x44, // D
  errorResponse: 0x45, // E
  copyInResponse: 0x47, // G
  emptyQueryResponse: 0x49, // I
  rowDescription: 0x54, // T
  copyBothResponse: 0x57, // W
  readyForQuery: 0x5a, // Z
  noData: 0x6e, // n
} as const;

/** Of ReadyForQuery: in no transaction. */
export const TRANSACTION_IDLE = 0x49; // I

export interface Field {
  readonly name: string;
  /** The table or view that it is a column of, and which; 0 where it is none's. A row as a whole is column 0. */
  readonly tableOid: number;
  readonly columnNumber: number;
  readonly typeOid: number;
}

/** An ErrorResponse. */
export interface ServerError {
  readonly severity: string;
  /** SQLSTATE, five characters. */
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  /** Characters from the start of the statement, 1-based. */
  readonly position?: number;
}

function readText(buffer: Buffer, start: number): { readonly text: string; readonly next: number } {
  const end = buffer.indexOf(0, start);
  return { text: buffer.toString('utf8', start, end), next: end + 1 };
}

export function readRowDescription(buffer: Buffer, start: number): Field[] {
  const count = buffer.readUInt16BE(start);
  const fields: Field[] = [];
  let at = start + 2;
  for (let index = 0; index < count; index++) {
    const name = readText(buffer, at);
    // After the name: table oid (4), column number (2), type oid (4), size (2), modifier (4), format (2).
    fields.push({
      name: name.text,
      tableOid: buffer.readUInt32BE(name.next),
      columnNumber: buffer.readInt16BE(name.next + 4),
      typeOid: buffer.readUInt32BE(name.next + 6),
    });
    at = name.next + 18;
  }
  return fields;
}

export function readErrorResponse(buffer: Buffer, start: number, end: number): ServerError {
  const fields = new Map<string, string>();
  for (let at = start; at < end && buffer[at] !== 0; ) {
    const { text, next } = readText(buffer, at + 1);
    fields.set(String.fromCharCode(buffer[at] ?? 0), text);
    at = next;
  }
  const detail = fields.get('D');
  const hint = fields.get('H');
  const position = fields.get('P');
  return {
    severity: fields.get('V') ?? fields.get('S') ?? 'ERROR',
    code: fields.get('C') ?? 'XX000',
    message: fields.get('M') ?? 'The server reported an error.',
    ...(detail === undefined ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
    ...(position === undefined ? {} : { position: Number(position) }),
  };
}

/** The fields of a DataRow in text format. */
export function readDataRow(buffer: Buffer, start: number): (string | null)[] {
  const count = buffer.readUInt16BE(start);
  const fields: (string | null)[] = [];
  let at = start + 2;
  for (let index = 0; index < count; index++) {
    const length = buffer.readInt32BE(at);
    at += 4;
    fields.push(length < 0 ? null : buffer.toString('utf8', at, at + Math.max(length, 0)));
    at += Math.max(length, 0);
  }
  return fields;
}
