import type { MaskedColumn } from '#core/policy/mask.ts';
import { cannotMask } from '../masking.ts';
import type { Field } from './backend-messages.ts';
import type { Preliminary } from './exchange.ts';

/**
 * In the statement's own transaction, so that it sees the catalog as the statement does. `pg_temp` and the like
 * are not asked for: these are a relation's own names.
 */
const LOOK_UP = `
  SELECT m.ordinal - 1, a.attrelid, a.attnum
  FROM pg_catalog.json_array_elements($1::pg_catalog.json) WITH ORDINALITY AS m (item, ordinal)
  JOIN pg_catalog.pg_namespace n ON n.nspname = pg_catalog.json_extract_path_text(m.item, 'schema')::pg_catalog.name
  JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid
    AND c.relname = pg_catalog.json_extract_path_text(m.item, 'table')::pg_catalog.name
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
    AND a.attname = pg_catalog.json_extract_path_text(m.item, 'column')::pg_catalog.name`;

interface Place {
  readonly tableOid: number;
  readonly columnNumber: number;
}

/** Which columns of a result are masked, by the table and the column that the server says they come from. */
export class ColumnMasks implements Preliminary {
  readonly statement = LOOK_UP;
  readonly parameters: readonly string[];
  readonly #masks: readonly MaskedColumn[];
  readonly #places = new Map<number, Place>();

  constructor(masks: readonly MaskedColumn[]) {
    this.#masks = masks;
    this.parameters = [JSON.stringify(masks.map(({ schema, table, column }) => ({ schema, table, column })))];
  }

  row(values: readonly (string | null)[]): void {
    const [index, tableOid, columnNumber] = values.map(Number);
    if (index === undefined || tableOid === undefined || columnNumber === undefined) return;
    this.#places.set(index, { tableOid, columnNumber });
  }

  /** Of each column of the result its mask, or null. Throws POLICY_DENIED. */
  of(fields: readonly Field[]): (MaskedColumn | null)[] {
    const placed = this.#masks.map((masked, index) => this.#placed(masked, index, fields));
    return fields.map((field) => placed.find(({ place }) => isAt(field, place))?.masked ?? null);
  }

  #placed(masked: MaskedColumn, index: number, fields: readonly Field[]) {
    const place = this.#places.get(index);
    // Gone or renamed since the policy was asked, or a row as a whole, in which the column may be.
    const isUnknown = place === undefined || fields.some((field) => isAt(field, { ...place, columnNumber: WHOLE_ROW }));
    if (isUnknown || (masked.isNamed && !fields.some((field) => isAt(field, place)))) {
      throw cannotMask(`${masked.table}.${masked.column}`);
    }
    return { masked, place };
  }
}

const WHOLE_ROW = 0;

const isAt = (field: Field, { tableOid, columnNumber }: Place): boolean =>
  field.tableOid === tableOid && field.columnNumber === columnNumber;
