import { BSON, type Document } from 'mongodb';

/** https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/, as much of it as the driver sends. */
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const HEADER_BYTES = 16;

export interface Request {
  readonly command: Document;
  /** Frames an answer to it. */
  readonly answer: (reply: Document) => Buffer;
}

/** Cuts a stream into requests, however the socket splits them. */
export class RequestReader {
  #pending = Buffer.alloc(0);

  push(chunk: Buffer): Request[] {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    const requests: Request[] = [];
    while (this.#pending.length >= 4 && this.#pending.length >= this.#pending.readInt32LE(0)) {
      const length = this.#pending.readInt32LE(0);
      requests.push(readRequest(this.#pending.subarray(0, length)));
      this.#pending = this.#pending.subarray(length);
    }
    return requests;
  }
}

function readRequest(message: Buffer): Request {
  const [id, kind] = [message.readInt32LE(4), message.readInt32LE(12)];
  if (kind === OP_QUERY) return { command: legacyCommand(message), answer: (reply) => legacyAnswer(id, reply) };
  if (kind !== OP_MSG) throw new Error(`The emulator does not know messages of kind ${kind}.`);
  return { command: BSON.deserialize(message.subarray(HEADER_BYTES + 5)), answer: (reply) => messageAnswer(id, reply) };
}

/** flags, the collection's name, two numbers, the document. Only a connection's first hello comes so. */
function legacyCommand(message: Buffer): Document {
  const nameEnd = message.indexOf(0, HEADER_BYTES + 4);
  return BSON.deserialize(message.subarray(nameEnd + 1 + 8));
}

function legacyAnswer(to: number, reply: Document): Buffer {
  const fixed = Buffer.alloc(20);
  fixed.writeInt32LE(1, 16);
  return framed(OP_REPLY, to, [fixed, BSON.serialize(reply)]);
}

const messageAnswer = (to: number, reply: Document): Buffer =>
  framed(OP_MSG, to, [Buffer.alloc(5), BSON.serialize(reply, { ignoreUndefined: false })]);

function framed(kind: number, to: number, parts: readonly Uint8Array[]): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeInt32LE(HEADER_BYTES + parts.reduce((sum, { length }) => sum + length, 0), 0);
  header.writeInt32LE(to, 8);
  header.writeInt32LE(kind, 12);
  return Buffer.concat([header, ...parts]);
}
