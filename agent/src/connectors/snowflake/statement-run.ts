import { createSecretKey } from 'node:crypto';
import { CustardError } from '#core/errors.ts';
import { tokenize } from '#core/guard/dialects/snowflake/tokenize.ts';
import type { MaskedColumn } from '#core/policy/mask.ts';
import { maskText } from '#core/policy/mask-text.ts';
import type { Cell } from '#core/values.ts';
import type { RowSink, RunEnd, RunOptions } from '../connector.ts';
import { Interruption } from '../interruption.ts';
import { maskedColumn } from '../masking.ts';
import { RowLines } from '../rows/row-lines.ts';
import { cellReader } from './cells.ts';
import { masksOf } from './column-masks.ts';
import { abortedBy, fromDriverError } from './errors.ts';
import type { ResultInfo } from './observing-client.ts';
import type { Executed, Session } from './session.ts';
import { kindOf, typeName } from './types.ts';

/** What the server calls a SELECT when it has compiled a statement. */
const SELECT_TYPE = 0x1000;

/**
 * Runs a statement into a sink. Snowflake has no mode in which it only reads: it is asked first what kind of statement it
 * makes of the text, and nothing but a SELECT is run.
 */
export async function runStatement(session: Session, options: RunOptions, sink: RowSink): Promise<RunEnd> {
  const { statement, limits } = options;
  using interruption = new Interruption({ timeoutMs: limits.timeoutMs, signal: options.signal });
  const { signal } = interruption;
  refuseFileTransfer(statement);
  try {
    const request = { statement, timeoutMs: limits.timeoutMs, signal };
    const described = await session.execute({ ...request, describeOnly: true });
    if (!isExplained(statement)) refuseWrites(described.info);
    const executed = await session.execute(request);
    return await new Run(options, { sink, interruption }).copy(executed);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
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

interface Ways {
  readonly sink: RowSink;
  readonly interruption: Interruption;
}

class Run {
  readonly #options: RunOptions;
  readonly #ways: Ways;

  constructor(options: RunOptions, ways: Ways) {
    this.#options = options;
    this.#ways = ways;
  }

  async copy({ info, rows }: Executed): Promise<RunEnd> {
    const { masks, limits, statement } = this.#options;
    const { sink, interruption } = this.#ways;
    const { signal, race } = interruption;
    const shown = await masksOf(info.rowtype, { masks, statement });
    const columns = info.rowtype.map((type) => ({ name: type.name, type: typeName(type), kind: kindOf(type) }));
    sink.columns(columns.map((column, index) => maskedColumn(column, shown[index]?.mask ?? null)));
    const toRow = this.#encoder(info, shown);
    const lines = new RowLines({ sink, maxBytes: limits.bytes, race });
    const stream = rows();
    const abort = () => stream.destroy(abortedBy(signal));
    signal.addEventListener('abort', abort);
    try {
      signal.throwIfAborted();
      let count = 0;
      let truncated = false;
      for await (const row of stream) {
        truncated = count === limits.rows;
        if (truncated) break;
        await lines.add(toRow(row));
        count++;
      }
      await lines.flush();
      return { rows: count, truncated };
    } catch (error) {
      throw isDrivers(error) ? fromDriverError(error) : error;
    } finally {
      signal.removeEventListener('abort', abort);
      stream.destroy();
    }
  }

  /** Rows as JSON arrays. */
  #encoder(info: ResultInfo, masks: readonly (MaskedColumn | null)[]): (row: unknown) => string {
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
      return `[${cells.join(',')}]`;
    };
  }
}

/** The driver's errors have names that Node's and ours do not have. */
const isDrivers = (error: unknown): boolean =>
  error instanceof Error &&
  /^(?:OperationFailed|Network|RequestFailed|LargeResultSet|UnexpectedContent)Error$/.test(error.name);
