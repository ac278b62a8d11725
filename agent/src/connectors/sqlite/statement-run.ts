import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { rowLine } from '#core/protocol/frames.ts';
import { MAX_ROW_BYTES } from '#core/protocol/limits.ts';
import type { WorkerRequest } from '../file/worker-protocol.ts';
import { authorize } from './authorizer.ts';
import { cellOf, type SqliteCell } from './cells.ts';
import { MaskedResult } from './masked-result.ts';
import { resultColumns } from './types.ts';
import { RowOutput, writeAnswer } from './worker-output.ts';

/** A chunk that is not full is handed over after so long. */
const PARTIAL_CHUNK_AFTER_MS = 10;

export class SeveralStatements extends Error {}
export class ResultTooLarge extends Error {}
export class RowTooLarge extends Error {}

type RunRequest = Extract<WorkerRequest, { type: 'run' }>;

/** Runs one statement under the authorizer and writes its columns, rows and end. */
export function runStatement(database: DatabaseSync, request: RunRequest): void {
  const { statement, rows: maxRows, bytes: maxBytes } = request;
  const prepared = prepare(database, statement);
  const masked = request.masks.length === 0 ? undefined : new MaskedResult(database, request);
  const toCells = masked === undefined ? plainCells() : masked.cells.bind(masked);
  const output = new RowOutput();
  let rows = 0;
  let truncated = false;
  let flushedAt = performance.now();
  for (const row of prepared.iterate()) {
    if (!isArrayRow(row)) continue;
    if (rows === maxRows) {
      truncated = true;
      break;
    }
    if (rows === 0) announce(prepared, masked, row);
    if (leastBytes(row) > MAX_ROW_BYTES) throw new RowTooLarge();
    const before = output.bytes;
    output.line(rowLine(toCells(row)));
    rows++;
    if (output.bytes > maxBytes) throw new ResultTooLarge();
    if (output.bytes - before > MAX_ROW_BYTES) throw new RowTooLarge();
    const now = performance.now();
    if (now - flushedAt < PARTIAL_CHUNK_AFTER_MS) continue;
    flushedAt = now;
    output.flush();
  }
  if (rows === 0) announce(prepared, masked, undefined);
  output.flush();
  writeAnswer({ type: 'run', rows, truncated });
}

/** One list serves all rows: each is written before the next one comes. */
function plainCells(): (row: readonly SQLOutputValue[]) => readonly SqliteCell[] {
  const cells: SqliteCell[] = [];
  return (row) => {
    row.forEach((value, index) => {
      cells[index] = cellOf(value);
    });
    return cells;
  };
}

/** Once SQLite has begun: what it compiled before, it may have compiled again since. */
function announce(
  prepared: StatementSync,
  masked: MaskedResult | undefined,
  firstRow: readonly SQLOutputValue[] | undefined,
): void {
  const described = prepared.columns();
  const columns = resultColumns(described, firstRow);
  writeAnswer({ type: 'columns', columns: masked?.columns(columns, described) ?? columns });
}

/** The authorizer stays on while the statement runs: SQLite compiles again when the schema changes. */
export function prepare(database: DatabaseSync, statement: string): StatementSync {
  database.setAuthorizer(authorize);
  const prepared = database.prepare(statement, { readBigInts: true, returnArrays: true });
  // SQLite compiles the first statement and leaves the rest; that rest must be empty.
  const rest = statement.slice(prepared.sourceSQL.length);
  if (rest.replaceAll(BLANK, '') !== '') throw new SeveralStatements();
  return prepared;
}

/** White space, semicolons and comments. */
const BLANK = /[\s;]+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;

/** What a row's texts and blobs come to at the least, known before any of them is copied. */
function leastBytes(row: readonly SQLOutputValue[]): number {
  let bytes = 0;
  for (const cell of row) if (typeof cell === 'string' || cell instanceof Uint8Array) bytes += cell.length;
  return bytes;
}

/** With returnArrays every row is one; the types do not say so. */
const isArrayRow = (row: unknown): row is SQLOutputValue[] => Array.isArray(row);
