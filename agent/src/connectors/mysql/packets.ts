/** The packets of MySQL's and MariaDB's text protocol. https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query.html */

const COMMAND = { query: 0x03, resetConnection: 0x1f } as const;
/** First bytes of an answer, where they are not the number of columns. */
export const ANSWER = { ok: 0x00, localInfile: 0xfb, end: 0xfe, error: 0xff } as const;
/** A packet that begins as the end does and is longer is a row with a text of more than 16 MiB. */
export const MAX_END_BYTES = 9;

/** What the server says of a result's column. */
export interface Field {
  readonly schema: string;
  /** As the statement calls it. */
  readonly table: string;
  readonly orgTable: string;
  readonly name: string;
  readonly orgName: string;
  /** MariaDB's own name of the type (uuid, inet6, point …), where the protocol's type is another one. */
  readonly extendedType: string;
  /** MariaDB's: json. */
  readonly format: string;
  readonly charset: number;
  readonly length: number;
  readonly type: number;
  readonly flags: number;
  readonly decimals: number;
}

export interface ServerError {
  readonly code: number;
  readonly state: string;
  readonly message: string;
}

export const queryPacket = (statement: string): Buffer => packet(COMMAND.query, Buffer.from(statement));
export const resetPacket = (): Buffer => packet(COMMAND.resetConnection, Buffer.alloc(0));

/** Statements are far shorter than the 16 MiB that one packet holds. */
function packet(command: number, body: Buffer): Buffer {
  const whole = Buffer.alloc(5 + body.length);
  whole.writeUIntLE(1 + body.length, 0, 3);
  whole[4] = command;
  body.copy(whole, 5);
  return whole;
}

const NULL = 0xfb;

/** Reads one packet's body from its start. */
export class PacketReader {
  readonly #buffer: Buffer;
  readonly #end: number;
  #at: number;

  constructor(buffer: Buffer, start: number, end: number) {
    this.#buffer = buffer;
    this.#at = start;
    this.#end = end;
  }

  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.#end - this.#at;
  }

  skip(bytes: number): void {
    this.#at += bytes;
  }

  integer(bytes: number): number {
    const value = this.#buffer.readUIntLE(this.#at, bytes);
    this.#at += bytes;
    return value;
  }

  /** A length-encoded integer; null stands for SQL's NULL. */
  length(): number | null {
    const first = this.integer(1);
    if (first < NULL) return first;
    if (first === NULL) return null;
    if (first === 0xfc) return this.integer(2);
    if (first === 0xfd) return this.integer(3);
    const low = this.integer(4);
    return low + this.integer(4) * 2 ** 32;
  }

  text(): string {
    return this.slice(this.length() ?? 0);
  }

  textOrNull(): string | null {
    const length = this.length();
    return length === null ? null : this.slice(length);
  }

  rest(): string {
    return this.slice(this.left);
  }

  slice(bytes: number): string {
    if (bytes > this.left) throw new RangeError('A text that is longer than its packet.');
    const from = this.#at;
    this.#at += bytes;
    return this.#buffer.toString('utf8', from, this.#at);
  }
}

/** @param isExtended MariaDB's column metadata was agreed on */
export function readField(reader: PacketReader, isExtended: boolean): Field {
  reader.text(); // catalog
  const [schema, table, orgTable] = [reader.text(), reader.text(), reader.text()];
  const [name, orgName] = [reader.text(), reader.text()];
  const { extendedType, format } = isExtended ? readExtended(reader) : { extendedType: '', format: '' };
  reader.length(); // of what follows
  const [charset, length, type] = [reader.integer(2), reader.integer(4), reader.integer(1)];
  const [flags, decimals] = [reader.integer(2), reader.integer(1)];
  return { schema, table, orgTable, name, orgName, extendedType, format, charset, length, type, flags, decimals };
}

const EXTENDED = { type: 0, format: 1 } as const;

/** https://mariadb.com/kb/en/result-set-packets/#column-definition-packet */
function readExtended(reader: PacketReader): { extendedType: string; format: string } {
  let [extendedType, format] = ['', ''];
  const end = (reader.length() ?? 0) + reader.at;
  while (reader.at < end) {
    const kind = reader.integer(1);
    const text = reader.text();
    if (kind === EXTENDED.type) extendedType = text;
    else if (kind === EXTENDED.format) format = text;
  }
  return { extendedType, format };
}

export function readError(reader: PacketReader): ServerError {
  reader.skip(1);
  const code = reader.integer(2);
  const text = reader.rest();
  return text.startsWith('#')
    ? { code, state: text.slice(1, 6), message: text.slice(6) }
    : { code, state: 'HY000', message: text };
}
