import type { DatabaseSync, StatementColumnMetadata } from 'node:sqlite';
import type { Mask, MaskedColumn } from '#core/policy/mask.ts';
import { quoteIdentifier } from '../quote-identifier.ts';

/** The column is masked, and SQLite does not tell where in the result it is shown. */
export class CannotMask extends Error {
  readonly column: string;

  constructor({ table, column }: MaskedColumn) {
    super(`${table}.${column} cannot be masked.`);
    this.column = `${table}.${column}`;
  }
}

/** Where SQLite says a column comes from: of a view's, the table behind it. Null for an expression. */
interface Origin {
  readonly table: string;
  readonly column: string;
}

/** A table's column and that of a view of it are the same to SQLite: of several masks the one that shows least holds. */
const STRICTEST: readonly Mask[] = ['null', 'hash', 'partial'];

/** Of each column of the result its mask, or null. Throws CannotMask. */
export function masksOf(
  database: DatabaseSync,
  columns: readonly StatementColumnMetadata[],
  masks: readonly MaskedColumn[],
): (Mask | null)[] {
  const shown = columns.map(originOf);
  const masked = masks
    .toSorted((a, b) => STRICTEST.indexOf(a.mask) - STRICTEST.indexOf(b.mask))
    .flatMap((mask) => {
      const origin = originIn(database, mask);
      const isShown = origin !== null && shown.some((one) => isSame(one, origin));
      // An expression of a view has no origin, so that each column of the result that has none may be it.
      if (mask.isNamed ? !isShown : origin === null && shown.includes(null)) throw new CannotMask(mask);
      return origin === null ? [] : [{ origin, mask: mask.mask }];
    });
  return shown.map((one) => masked.find(({ origin }) => isSame(one, origin))?.mask ?? null);
}

/** Asked of SQLite itself, as the statement is: so that it is said of both in the same words. */
function originIn(database: DatabaseSync, mask: MaskedColumn): Origin | null {
  const statement = `SELECT t.${quoteIdentifier(mask.column)} FROM ${quoteIdentifier(mask.table)} AS t`;
  try {
    const [column] = database.prepare(statement).columns();
    return column === undefined ? null : originOf(column);
  } catch {
    throw new CannotMask(mask); // it went away since the policy was asked
  }
}

function originOf({ database, table, column }: StatementColumnMetadata): Origin | null {
  return database === null || table === null || column === null ? null : { table, column };
}

const isSame = (one: Origin | null, other: Origin): boolean =>
  one !== null && one.table === other.table && one.column === other.column;
