import { createSecretKey, type KeyObject } from 'node:crypto';
import type { DuckDBPreparedStatement, DuckDBType } from '@duckdb/node-api';
import type { Mask } from '#core/policy/mask.ts';
import { maskText } from '#core/policy/mask-text.ts';
import type { Column } from '#core/values.ts';
import type { WorkerRequest } from '../file/worker-protocol.ts';
import { maskedColumn } from '../masking.ts';
import { type CellWriter, cellText, cellWriter } from './cells.ts';
import { masksOf } from './column-masks.ts';
import { parse } from './parse.ts';
import type { Task } from './task.ts';

type RunRequest = Extract<WorkerRequest, { type: 'run' }>;

/** A result of which some columns are masked. */
export class MaskedResult {
  readonly #masks: readonly (Mask | null)[];
  readonly #key: KeyObject;

  private constructor(masks: readonly (Mask | null)[], key: KeyObject) {
    this.#masks = masks;
    this.#key = key;
  }

  /** Throws CannotMask. */
  static async of(
    task: Task,
    { statement, masks, maskKey }: RunRequest,
    prepared: DuckDBPreparedStatement,
  ): Promise<MaskedResult> {
    const names = Array.from({ length: prepared.columnCount }, (_, index) => prepared.columnName(index));
    const [tree, catalogue] = [await parse(task.connection, statement), await task.catalogue()];
    return new MaskedResult(masksOf({ tree, names, catalogue }, masks), createSecretKey(maskKey, 'base64'));
  }

  /** As they are to be announced. */
  columns(columns: readonly Column[]): Column[] {
    return columns.map((column, index) => maskedColumn(column, this.#masks[index] ?? null));
  }

  /** Undefined for a column that is not masked. */
  writer(index: number, type: DuckDBType): CellWriter | undefined {
    const mask = this.#masks[index] ?? null;
    if (mask === null) return undefined;
    const write = cellWriter(type);
    return (vector, row) => {
      const cell = write(vector, row);
      return cell === 'null' ? cell : JSON.stringify(maskText(mask, cellText(cell), this.#key));
    };
  }
}
