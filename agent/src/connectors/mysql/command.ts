import { brokenProtocol, connectionLost } from './errors.ts';
import { ANSWER, type Field, MAX_END_BYTES, PacketReader, readError, readField, type ServerError } from './packets.ts';
import type { Session } from './session.ts';

/** Where the result of one command goes. Both may return false to be called no more until `session.resume`. */
export interface ResultReceiver {
  fields(fields: readonly Field[]): boolean;
  /** A row's packet is buffer[start, end), valid during the call only. */
  row(buffer: Buffer, start: number, end: number): boolean;
  /** Nothing more has come for now. */
  pause?(): void;
  hugeRow?(): void;
}

const MORE_RESULTS = 0x0008;

/** One command on a session, from its packet to the end of its answer. Used once. */
export class Command {
  readonly #session: Session;
  readonly #receiver: ResultReceiver;
  readonly #ended = Promise.withResolvers<ServerError | null>();
  readonly #fields: Field[] = [];
  /** Columns still to be told; null before the answer's head. */
  #columnsLeft: number | null = null;
  #state: 'head' | 'columns' | 'columns end' | 'rows' | 'ended' = 'head';

  constructor(session: Session, receiver: ResultReceiver) {
    this.#session = session;
    this.#receiver = receiver;
  }

  /** The server's error, or null when all went well. Rejects when the connection is lost. */
  async run(packet: Buffer): Promise<ServerError | null> {
    this.#session.send(packet, {
      onPacket: (buffer, start, end) => this.#packet(buffer, start, end),
      onPause: () => this.#receiver.pause?.(),
      onHugeRow: () => this.#receiver.hugeRow?.(),
      onLost: (cause) =>
        this.#ended.reject(cause instanceof RangeError ? brokenProtocol(cause) : connectionLost(cause)),
    });
    return await this.#ended.promise;
  }

  #packet(buffer: Buffer, start: number, end: number): boolean {
    const reader = new PacketReader(buffer, start, end);
    const first = buffer[start];
    if (first === ANSWER.error) return this.#end(readError(reader));
    switch (this.#state) {
      case 'head':
        return this.#head(reader, first);
      case 'columns':
        this.#fields.push(readField(reader, this.#session.server.hasExtendedMetadata));
        if (this.#fields.length === this.#columnsLeft) this.#state = 'columns end';
        return true;
      case 'columns end':
        this.#state = 'rows';
        this.#session.expectRows();
        return this.#receiver.fields(this.#fields);
      case 'rows':
        if (first === ANSWER.end && end - start < MAX_END_BYTES) return this.#endOfRows(reader);
        return this.#receiver.row(buffer, start, end);
      case 'ended':
        throw new RangeError('More than one answer.');
      default:
        return this.#state satisfies never;
    }
  }

  #head(reader: PacketReader, first: number | undefined): boolean {
    // The server now waits for a file of ours, which it will never get; throwing ends the session.
    if (first === ANSWER.localInfile) throw new Error('The server asked for a file of this machine.');
    if (first === ANSWER.ok) {
      this.#end(null);
      return this.#receiver.fields([]);
    }
    this.#columnsLeft = reader.length();
    this.#state = 'columns';
    return true;
  }

  #endOfRows(reader: PacketReader): boolean {
    reader.skip(3); // the head and the number of warnings
    if ((reader.integer(2) & MORE_RESULTS) !== 0) throw new RangeError('More than one result.');
    return this.#end(null);
  }

  #end(error: ServerError | null): boolean {
    this.#state = 'ended';
    this.#session.finish();
    this.#ended.resolve(error);
    return true;
  }
}
