import type { KeyObject } from 'node:crypto';
import type { DatabaseSync, SQLOutputValue, StatementColumnMetadata } from 'node:sqlite';
import type { Mask } from '#core/policy/mask.ts';
import { maskText } from '#core/policy/mask-text.ts';
import type { Column } from '#core/values.ts';
import type { WorkerRequest } from '../file/worker-protocol.ts';
import { maskedColumn } from '../masking.ts';
import { cellOf, cellText, type SqliteCell } from './cells.ts';
import { masksOf } from './column-masks.ts';

/** A result of which some columns are masked. */
export class MaskedResult {
  readonly #database: DatabaseSync;
  readonly #wanted: Extract<WorkerRequest, { type: 'run' }>['masks'];
  readonly #key: KeyObject;
  /** Of each column; before they are known, no row can be shown. */
  #masks: readonly (Mask | null)[] | undefined;

  constructor(database: DatabaseSync, { masks, maskKey }: Extract<WorkerRequest, { type: 'run' }>) {
    this.#database = database;
    this.#wanted = masks;
    // Loaded here: few questions have masks, and the start of this process counts for all of them.
    this.#key = process.getBuiltinModule('node:crypto').createSecretKey(maskKey, 'base64');
  }

  /** As they are to be announced. Throws CannotMask. */
  columns(columns: readonly Column[], described: readonly StatementColumnMetadata[]): Column[] {
    const masks = masksOf(this.#database, described, this.#wanted);
    this.#masks = masks;
    return columns.map((column, index) => maskedColumn(column, masks[index] ?? null));
  }

  cells(row: readonly SQLOutputValue[]): SqliteCell[] {
    const masks = this.#masks;
    if (masks === undefined) throw new Error('The columns are not known yet.');
    return row.map((value, index) => {
      const mask = masks[index] ?? null;
      if (mask === null || value === null) return cellOf(value);
      return maskText(mask, cellText(value), this.#key);
    });
  }
}
