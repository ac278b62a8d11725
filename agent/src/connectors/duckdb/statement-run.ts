import type { DuckDBDataChunk, DuckDBPreparedStatement, DuckDBResult } from '@duckdb/node-api';
import { ROW_PREFIX, ROW_SUFFIX } from '#core/protocol/frames.ts';
import { MAX_ROW_BYTES } from '#core/protocol/limits.ts';
import type { WorkerRequest } from '../file/worker-protocol.ts';
import { type CellWriter, cellWriter } from './cells.ts';
import { HoldsNul, NotARead, ResultTooLarge, RowTooLarge } from './failures.ts';
import { failureOf } from './late-failure.ts';
import { MaskedResult } from './masked-result.ts';
import { refuseMacros } from './refuse-macros.ts';
import type { Task } from './task.ts';
import { resultColumns } from './types.ts';
import { RowOutput, type WorkerOutput } from './worker-output.ts';

/** A chunk that is not full is handed over after so long. */
const PARTIAL_CHUNK_AFTER_MS = 10;

type RunRequest = Extract<WorkerRequest, { type: 'run' }>;

/** Runs one statement in a transaction that only reads, and writes its columns, rows and end. */
export async function runStatement(task: Task, request: RunRequest, output: WorkerOutput): Promise<void> {
  const { statement } = request;
  // DuckDB would end the statement there.
  if (statement.includes('\0')) throw new HoldsNul();
  // Without an end: its connection is closed after this.
  await task.connection.run('BEGIN TRANSACTION READ ONLY');
  const prepared = await prepare(task, statement);
  const { StatementType } = await import('@duckdb/node-api');
  const isPlan = prepared.statementType === StatementType.EXPLAIN;
  if (!isPlan) await refuseMacros(task, statement);
  // A plan shows no values.
  const isMasked = request.masks.length > 0 && !isPlan;
  const masked = isMasked ? await MaskedResult.of(task, request, prepared) : undefined;
  task.throwIfInterrupted();
  const result = await prepared.stream();
  const columns = resultColumns(result);
  await output.answer({ type: 'columns', columns: masked?.columns(columns) ?? columns });
  const writers = result.columnTypes().map((type, index) => masked?.writer(index, type) ?? cellWriter(type));
  const rows = new Rows(task, request, { output, writers });
  await rows.writeAll(result);
  await output.answer({ type: 'run', rows: rows.count, truncated: rows.truncated });
}

/** DuckDB prepares one statement only, and says what kind it is before it runs. */
export async function prepare(task: Task, statement: string): Promise<DuckDBPreparedStatement> {
  const { StatementType } = await import('@duckdb/node-api');
  const prepared = await task.connection.prepare(statement);
  const type = prepared.statementType;
  if (type !== StatementType.SELECT && type !== StatementType.EXPLAIN) throw new NotARead();
  return prepared;
}

class Rows {
  count = 0;
  truncated = false;
  readonly #task: Task;
  readonly #request: RunRequest;
  readonly #output: RowOutput;
  readonly #writers: readonly CellWriter[];
  #flushedAt = performance.now();

  constructor(
    task: Task,
    request: RunRequest,
    { output, writers }: { readonly output: WorkerOutput; readonly writers: readonly CellWriter[] },
  ) {
    this.#task = task;
    this.#request = request;
    this.#output = new RowOutput(output);
    this.#writers = writers;
  }

  async writeAll(result: DuckDBResult): Promise<void> {
    while (!this.truncated) {
      const chunk = await result.fetchChunk();
      this.#task.throwIfInterrupted();
      if (chunk === null || chunk.rowCount === 0) {
        await this.#throwIfFailed();
        break;
      }
      await this.#writeChunk(chunk);
    }
    await this.#output.flush();
  }

  async #writeChunk(chunk: DuckDBDataChunk): Promise<void> {
    const vectors = this.#writers.map((_, index) => chunk.getColumnVector(index));
    for (let row = 0; row < chunk.rowCount; row++) {
      if (this.count === this.#request.rows) {
        this.truncated = true;
        return;
      }
      const cells = vectors.map((vector, index) => this.#writers[index]?.(vector, row) ?? 'null');
      const waiting = this.#writeRow(`${ROW_PREFIX}${cells.join(',')}${ROW_SUFFIX}`);
      if (waiting !== undefined) await waiting;
    }
  }

  #writeRow(line: string): Promise<void> | undefined {
    const before = this.#output.bytes;
    // Before the line is handed over: none of a row that is too large is.
    if (before + line.length > this.#request.bytes) throw new ResultTooLarge();
    if (line.length > MAX_ROW_BYTES) throw new RowTooLarge();
    const waiting = this.#output.line(line);
    return waiting === undefined ? this.#wrote(before) : waiting.then(() => this.#wrote(before));
  }

  #wrote(before: number): Promise<void> | undefined {
    this.#task.throwIfInterrupted();
    this.count++;
    if (this.#output.bytes > this.#request.bytes) throw new ResultTooLarge();
    if (this.#output.bytes - before > MAX_ROW_BYTES) throw new RowTooLarge();
    const now = performance.now();
    if (now - this.#flushedAt < PARTIAL_CHUNK_AFTER_MS) return undefined;
    this.#flushedAt = now;
    return this.#output.flush();
  }

  async #throwIfFailed(): Promise<void> {
    const failure = await failureOf(this.#task, this.#request.statement);
    if (failure !== undefined) throw failure;
  }
}
