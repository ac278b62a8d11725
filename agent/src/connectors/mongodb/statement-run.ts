import type { Document, RunCommandCursor } from 'mongodb';
import { CustardError, isCustardError } from '#core/errors.ts';
import type { RowSink, RunEnd, RunOptions } from '../connector.ts';
import { Interruption } from '../interruption.ts';
import { RowLines } from '../rows/row-lines.ts';
import { exists } from './catalog.ts';
import type { Client, SessionContext } from './client.ts';
import { DocumentMasks, masksOf } from './column-masks.ts';
import { fromDriverError } from './errors.ts';
import { ResultColumns } from './result-columns.ts';
import { parseStatement, type ReadStatement } from './statement.ts';
import { statementFields } from './statement-fields.ts';

/** The columns are chosen by the first batch. */
const FIRST_BATCH = 100;
const BATCH = 1000;

/** A batch of documents at a time, and whether it is the last. */
interface Batch {
  readonly documents: readonly Document[];
  readonly isLast: boolean;
}

export async function runStatement(client: Client, options: RunOptions, sink: RowSink): Promise<RunEnd> {
  using interruption = new Interruption({ timeoutMs: options.limits.timeoutMs, signal: options.signal });
  try {
    interruption.signal.throwIfAborted();
    const statement = parseStatement(client.driver, options.statement);
    const masks = new DocumentMasks(await masksOf(options.statement, options.masks), options.maskKey);
    const run = new StatementRun({ client, options, sink, interruption, statement });
    return await run.run(masks).catch((error: unknown) => {
      if (run.hasBegun || interruption.signal.aborted || !isStale(error)) throw error;
      return run.run(masks);
    });
  } catch (error) {
    throw interruption.signal.aborted ? interruption.signal.reason : fromDriverError(error);
  }
}

/** A connection, or a member of the cluster, that was lost before anything came: the next one may answer. */
function isStale(error: unknown): boolean {
  const translated = isCustardError(error) ? undefined : fromDriverError(error);
  return isCustardError(translated) && translated.code === 'DATABASE_UNREACHABLE';
}

interface Run {
  readonly client: Client;
  readonly options: RunOptions;
  readonly sink: RowSink;
  readonly interruption: Interruption;
  readonly statement: ReadStatement;
}

class StatementRun {
  readonly #run: Run;
  #rows = 0;
  #truncated = false;
  #hasBegun = false;

  constructor(run: Run) {
    this.#run = run;
  }

  /** Whether the sink has been told anything. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  async run(masks: DocumentMasks): Promise<RunEnd> {
    const { client, interruption } = this.#run;
    return await client.inSession(interruption, async (context) => {
      await this.#give(this.#batches(context), masks);
      return { rows: this.#rows, truncated: this.#truncated };
    });
  }

  async #give(batches: AsyncIterable<Batch>, masks: DocumentMasks): Promise<void> {
    const { options, sink, interruption, statement } = this.#run;
    const lines = new RowLines({ sink, maxBytes: options.limits.bytes, race: interruption.race });
    let columns: ResultColumns | undefined;
    for await (const { documents, isLast } of batches) {
      for (const document of documents) masks.apply(document);
      if (columns === undefined) {
        if (isLast && isNothing(documents)) await this.#checkThere();
        const fields = statementFields(statement);
        columns = new ResultColumns({ documents, isAll: isLast, fields, maskOf: masks.maskOf });
        this.#hasBegun = true;
        sink.columns(columns.columns);
      }
      for (const document of documents) {
        if (this.#rows >= options.limits.rows) {
          this.#truncated = true;
          break;
        }
        await lines.add(columns.row(document));
        this.#rows++;
      }
      // What is there is handed over before the server is waited for.
      await lines.flush();
      if (this.#truncated) return;
    }
  }

  async *#batches({ database, reading }: SessionContext): AsyncGenerator<Batch> {
    const { kind, command } = this.#run.statement;
    if (kind === 'count' || kind === 'distinct') {
      yield { documents: await this.#answer(command, { database, reading }), isLast: true };
      return;
    }
    const { interruption } = this.#run;
    const limited = this.#limited(firstBatch(command, this.#size(FIRST_BATCH)));
    const cursor = database.runCursorCommand(limited, reading);
    try {
      yield* this.#cursorBatches(cursor);
    } finally {
      // Of a cursor that is open, it tells the server that nobody reads on.
      const closing = cursor.close();
      if (interruption.signal.aborted) closing.catch(() => undefined);
      else await closing;
    }
  }

  async *#cursorBatches(cursor: RunCommandCursor): AsyncGenerator<Batch> {
    const { race } = this.#run.interruption;
    for (let isFirst = true; ; isFirst = false) {
      const hasMore = await race(cursor.hasNext());
      if (!hasMore && !isFirst) return;
      const documents = cursor.readBufferedDocuments();
      const isLast = cursor.id === undefined || cursor.id.isZero();
      yield { documents, isLast };
      if (isLast) return;
      cursor.setBatchSize(this.#size(BATCH));
    }
  }

  /** MongoDB finds nothing in a collection that does not exist; a mistyped name must not look like an answer. */
  async #checkThere(): Promise<void> {
    const { client, interruption, statement } = this.#run;
    const { collection } = statement;
    const limits = { timeoutMs: interruption.remainingMs, signal: interruption.signal };
    const isThere = await exists(client, collection, limits);
    interruption.signal.throwIfAborted();
    if (isThere) return;
    throw new CustardError('RELATION_NOT_FOUND', `There is no collection ${JSON.stringify(collection)}.`, {
      hint: 'See what there is with: custard schema list',
    });
  }

  /** No more than the row limit needs, and one to see whether there are others. */
  #size(most: number): number {
    return Math.min(most, this.#run.options.limits.rows - this.#rows + 1);
  }

  async #answer(
    command: Document,
    { database, reading }: Pick<SessionContext, 'database' | 'reading'>,
  ): Promise<Document[]> {
    const { statement, interruption } = this.#run;
    const running = database.command(this.#limited(command), { ...reading, signal: interruption.signal });
    const answer = await interruption.race(running);
    if (statement.kind === 'count') return [{ count: answer['n'] }];
    const values: readonly unknown[] = answer['values'];
    return values.map((value) => ({ [String(command['key'])]: value }));
  }

  #limited(command: Document): Document {
    const { client, interruption } = this.#run;
    const level = client.readConcernLevel;
    return { ...command, readConcern: { level }, maxTimeMS: interruption.remainingMs };
  }
}

/** No document, or a count of none. */
const isNothing = ([first, ...others]: readonly Document[]): boolean =>
  first === undefined || (others.length === 0 && Object.keys(first).join() === 'count' && Number(first['count']) === 0);

const firstBatch = (command: Document, batchSize: number): Document =>
  'aggregate' in command ? { ...command, cursor: { batchSize } } : { ...command, batchSize };
