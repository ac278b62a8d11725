import { createSecretKey } from 'node:crypto';
import { CustardError } from '#core/errors.ts';
import { tokenize } from '#core/guard/dialects/snowflake/tokenize.ts';
import type { MaskedColumn } from '#core/policy/mask.ts';
import { maskText } from '#core/policy/mask-text.ts';
import { ROW_PREFIX, ROW_SUFFIX } from '#core/protocol/frames.ts';
import { MAX_ROW_BYTES } from '#core/protocol/limits.ts';
import type { Cell } from '#core/values.ts';
import type { RowSink, RunEnd, RunOptions } from '../connector.ts';
import { maskedColumn } from '../masking.ts';
import { resultTooLarge, rowTooLarge, timedOut } from '../run-errors.ts';
import { cellReader } from './cells.ts';
import { masksOf } from './column-masks.ts';
import { abortedBy, fromDriverError } from './errors.ts';
import type { ResultInfo } from './observing-client.ts';
import { RowLines } from './row-lines.ts';
import { kindOf, typeName } from './row-type.ts';
import type { Executed, Session } from './session.ts';

/** What the server calls a SELECT when it has compiled a statement. */
const SELECT_TYPE = 0x1000;

/**
 * Runs a statement into a sink. Snowflake has no mode in which it only reads: it is asked first what kind of statement it
 * makes of the text, and nothing but a SELECT is run.
 */
export async function runStatement(session: Session, options: RunOptions, sink: RowSink): Promise<RunEnd> {
  const { statement, limits } = options;
  const timeout = AbortSignal.timeout(limits.timeoutMs);
  const signal = AbortSignal.any([options.signal, timeout]);
  refuseFileTransfer(statement);
  try {
    const request = { statement, timeoutMs: limits.timeoutMs, signal };
    const described = await session.execute({ ...request, describeOnly: true });
    if (!isExplained(statement)) refuseWrites(described.info);
    const executed = await session.execute(request);
    return await new Run({ ...options, signal }, sink).copy(executed);
  } catch (error) {
    const isOurs = timeout.aborted && !options.signal.aborted;
    if (isOurs) throw timedOut(limits.timeoutMs, error);
    throw error;
  }
}

const notReadOnly = (what: string): CustardError =>
  new CustardError('NOT_READ_ONLY', what, { hint: 'Custard only reads. Run a writing statement with another tool.' });

/** These the driver itself would carry out, with files of this machine. */
function refuseFileTransfer(statement: string): void {
  const verb = statement.trim().slice(0, 3).toUpperCase();
  if (verb === 'PUT' || verb === 'GET') throw notReadOnly(`${verb} reads or writes files.`);
}

/** It has no number of its own that is documented, and runs nothing of what it explains. */
function isExplained(statement: string): boolean {
  try {
    return tokenize(statement)[0]?.text === 'EXPLAIN';
  } catch {
    return false; // what cannot be read is none
  }
}

function refuseWrites({ statementTypeId }: ResultInfo): void {
  if (statementTypeId !== SELECT_TYPE) throw notReadOnly('Snowflake does not take the statement for a SELECT.');
}

class Run {
  readonly #options: RunOptions;
  readonly #sink: RowSink;
  readonly #lines = new RowLines();

  constructor(options: RunOptions, sink: RowSink) {
    this.#options = options;
    this.#sink = sink;
  }

  async copy({ info, rows }: Executed): Promise<RunEnd> {
    const { masks, signal, limits, statement } = this.#options;
    const shown = await masksOf(info.rowtype, { masks, statement });
    const columns = info.rowtype.map((type) => ({ name: type.name, type: typeName(type), kind: kindOf(type) }));
    this.#sink.columns(columns.map((column, index) => maskedColumn(column, shown[index]?.mask ?? null)));
    const toLine = this.#encoder(info, shown);
    const stream = rows();
    const abort = () => stream.destroy(abortedBy(signal));
    signal.addEventListener('abort', abort);
    try {
      if (signal.aborted) throw abortedBy(signal);
      let [count, bytes] = [0, 0];
      for await (const row of stream) {
        if (count === limits.rows) return { rows: count, truncated: await this.#finish() };
        const line = toLine(row);
        count++;
        bytes += line.length;
        if (bytes > limits.bytes) throw resultTooLarge(limits.bytes);
        if (line.length > MAX_ROW_BYTES) throw rowTooLarge();
        for (const chunk of this.#lines.add(line)) await this.#hand(chunk);
      }
      await this.#finish();
      return { rows: count, truncated: false };
    } catch (error) {
      throw isDrivers(error) ? fromDriverError(error) : error;
    } finally {
      signal.removeEventListener('abort', abort);
      stream.destroy();
    }
  }

  async #finish(): Promise<true> {
    for (const chunk of this.#lines.rest()) await this.#hand(chunk);
    return true;
  }

  /** A sink that never takes it does not keep us from ending. */
  async #hand(chunk: Buffer): Promise<void> {
    const taken = this.#sink.chunk(chunk);
    if (taken === undefined) return;
    const { signal } = this.#options;
    const aborted = Promise.withResolvers<never>();
    const abort = () => aborted.reject(abortedBy(signal));
    signal.addEventListener('abort', abort);
    try {
      if (signal.aborted) throw abortedBy(signal);
      await Promise.race([taken, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  #encoder(info: ResultInfo, masks: readonly (MaskedColumn | null)[]): (row: unknown) => Buffer {
    const timeZone = String(info.parameters?.find(({ name }) => name === 'TIMEZONE')?.value ?? 'UTC');
    const key = createSecretKey(this.#options.maskKey);
    const readers = info.rowtype.map((type, index): ((wire: string) => Cell) => {
      const read = cellReader(type, timeZone);
      const mask = masks[index]?.mask;
      return mask === undefined ? read : (wire) => maskText(mask, String(read(wire)), key);
    });
    return (row) => {
      const values: readonly unknown[] = Array.isArray(row) ? row : [];
      const cells = readers.map((read, index) => {
        const wire = values[index] ?? null;
        return wire === null ? 'null' : JSON.stringify(read(String(wire)));
      });
      return Buffer.from(`${ROW_PREFIX}${cells.join(',')}${ROW_SUFFIX}`);
    };
  }
}

/** The driver's errors have names that Node's and ours do not have. */
const isDrivers = (error: unknown): boolean =>
  error instanceof Error &&
  /^(?:OperationFailed|Network|RequestFailed|LargeResultSet|UnexpectedContent)Error$/.test(error.name);
