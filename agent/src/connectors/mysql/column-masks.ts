import type { Mask, MaskedColumn } from '#core/policy/mask.ts';
import { cannotMask } from '../masking.ts';
import type { Preliminary } from './exchange.ts';
import type { Field } from './packets.ts';
import { quoteText } from './quote.ts';
import { TextRows } from './text-query.ts';

/** Of several masks that a column of the result may need, the one that shows least holds. */
const STRICTEST: readonly Mask[] = ['null', 'hash', 'partial'];

interface Placed {
  readonly masked: MaskedColumn;
  readonly isView: boolean;
}

/**
 * Which columns of a result are masked, by what the server says of where they come from. That is exact for tables. Of a
 * view MariaDB tells the name that the statement gives it, and MySQL's versions differ, so there each column that is called
 * like the masked one is masked, whosever it is.
 */
export class ColumnMasks implements Preliminary {
  readonly statement: string;
  readonly receiver = new TextRows();
  readonly #masks: readonly MaskedColumn[];

  constructor(masks: readonly MaskedColumn[]) {
    this.#masks = masks;
    this.statement = lookUp(masks);
  }

  /** Of each column of the result its mask, or null. Throws POLICY_DENIED. */
  of(fields: readonly Field[]): (Mask | null)[] {
    const types = new Map(
      this.receiver.rows.map((row) => [key(row.text('s'), row.text('t'), row.text('c')), row.text('kind')]),
    );
    const placed = this.#masks.map((masked) => place(masked, types, fields));
    const strictestFirst = placed.toSorted(
      (a, b) => STRICTEST.indexOf(a.masked.mask) - STRICTEST.indexOf(b.masked.mask),
    );
    return fields.map((field) => strictestFirst.find((one) => mayShow(field, one))?.masked.mask ?? null);
  }
}

/** Throws where the column is gone since the policy was asked, and where it was named and does not come back as itself. */
function place(masked: MaskedColumn, types: ReadonlyMap<string, string>, fields: readonly Field[]): Placed {
  const { schema, table, column, isNamed } = masked;
  const type = types.get(key(schema ?? '', table, column));
  const placed = { masked, isView: type !== 'BASE TABLE' };
  const isShown = fields.some((field) => (placed.isView ? isCalled(field, column) : isOf(field, masked)));
  if (type === undefined || (isNamed && !isShown)) throw cannotMask(`${table}.${column}`);
  return placed;
}

function mayShow(field: Field, { masked, isView }: Placed): boolean {
  if (isView) return isCalled(field, masked.column);
  // Without a schema it went through a temporary table, and what is said of it may be another one's.
  return isOf(field, masked) || (field.schema === '' && isCalled(field, masked.column));
}

const isOf = (field: Field, { schema, table, column }: MaskedColumn): boolean =>
  isSame(field.schema, schema ?? '') && isSame(field.orgTable, table) && isSame(field.orgName, column);

const isCalled = (field: Field, column: string): boolean => isSame(field.orgName, column) || isSame(field.name, column);

/** Whether case counts in names of tables is a setting of the server; to take two for one shows less, never more. */
const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const key = (...names: readonly string[]): string => JSON.stringify(names.map((name) => name.toLowerCase()));

/** One part for each table: the server opens a table only where schema and name are given as constants. */
function lookUp(masks: readonly MaskedColumn[]): string {
  const columns = new Map<string, MaskedColumn[]>();
  for (const masked of masks) {
    const table = JSON.stringify([masked.schema, masked.table]);
    columns.set(table, [...(columns.get(table) ?? []), masked]);
  }
  return [...columns.values()].map(lookUpTable).join('\nUNION ALL\n');
}

function lookUpTable(masks: readonly MaskedColumn[]): string {
  const [{ schema = '', table = '' } = {}] = masks;
  const names = masks.map(({ column }) => quoteText(column)).join(', ');
  return `SELECT c.TABLE_SCHEMA AS s, c.TABLE_NAME AS t, c.COLUMN_NAME AS c, t.TABLE_TYPE AS kind
    FROM information_schema.COLUMNS c JOIN information_schema.TABLES t
      ON t.TABLE_SCHEMA = ${quoteText(schema ?? '')} AND t.TABLE_NAME = ${quoteText(table)}
    WHERE c.TABLE_SCHEMA = ${quoteText(schema ?? '')} AND c.TABLE_NAME = ${quoteText(table)} AND c.COLUMN_NAME IN (${names})`;
}
