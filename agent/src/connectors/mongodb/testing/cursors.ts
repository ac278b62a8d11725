import { BSON, type Document, Long } from 'mongodb';
import { Failure } from './failure.ts';

const FIRST_BATCH = 101;
const MAX_BATCH_BYTES = 16 * 1024 * 1024;

interface Cursor {
  readonly rows: Iterator<Document>;
  readonly session: string;
  readonly ns: string;
  held: Document | undefined;
}

/** Open cursors, which give a batch at a time, of at most 16 MiB as the server's are. */
export class Cursors {
  readonly #open = new Map<string, Cursor>();
  #last = 1000;

  get size(): number {
    return this.#open.size;
  }

  open(rows: Iterable<Document>, { ns, session, batchSize = FIRST_BATCH }: OpenOptions): Document {
    const cursor = { rows: rows[Symbol.iterator](), session, ns, held: undefined };
    const { batch, isDone } = take(cursor, batchSize);
    const id = isDone ? '0' : String(++this.#last);
    if (!isDone) this.#open.set(id, cursor);
    return { cursor: { firstBatch: batch, id: Long.fromString(id), ns }, ok: 1 };
  }

  more(id: string, batchSize = Number.POSITIVE_INFINITY): Document {
    const cursor = this.#open.get(id);
    if (cursor === undefined) throw new Failure(43, 'CursorNotFound', `cursor id ${id} not found`);
    const { batch, isDone } = take(cursor, batchSize);
    if (isDone) this.#open.delete(id);
    return { cursor: { nextBatch: batch, id: Long.fromString(isDone ? '0' : id), ns: cursor.ns }, ok: 1 };
  }

  kill(ids: readonly string[]): void {
    for (const id of ids) this.#open.delete(id);
  }

  killSession(session: string): void {
    for (const [id, cursor] of this.#open) if (cursor.session === session) this.#open.delete(id);
  }
}

interface OpenOptions {
  readonly ns: string;
  readonly session: string;
  readonly batchSize?: number | undefined;
}

/** One document more is looked at, to know whether this is the end. */
function take(cursor: Cursor, size: number): { readonly batch: Document[]; readonly isDone: boolean } {
  const batch: Document[] = [];
  let bytes = 0;
  for (;;) {
    const document = cursor.held ?? next(cursor.rows);
    cursor.held = document;
    if (document === undefined) return { batch, isDone: true };
    bytes += BSON.calculateObjectSize(document);
    if (batch.length >= size || (batch.length > 0 && bytes > MAX_BATCH_BYTES)) return { batch, isDone: false };
    batch.push(document);
    cursor.held = undefined;
  }
}

function next(rows: Iterator<Document>): Document | undefined {
  const { done, value } = rows.next();
  return done === true ? undefined : value;
}
