import type { ColumnUse } from '#core/guard/classify.ts';
import type { Fields } from '#core/guard/dialects/duckdb/nodes.ts';
import { fold } from '#core/guard/dialects/duckdb/nodes.ts';
import type { Mask, MaskedColumn } from '#core/policy/mask.ts';
import type { Catalogue, Entry } from './catalog.ts';
import { type Item, SelectList } from './select-list.ts';

/** The column is masked, and where in the result it is shown cannot be told. */
export class CannotMask extends Error {
  readonly column: string;

  constructor({ table, column }: MaskedColumn) {
    super(`${table}.${column} cannot be masked.`);
    this.column = `${table}.${column}`;
  }
}

const STRICTEST: readonly Mask[] = ['null', 'hash', 'partial'];

interface ResultShape {
  /** Undefined where it is none that the guard can follow. */
  readonly tree: Fields | undefined;
  /** Of the result's columns, as DuckDB names them. */
  readonly names: readonly string[];
  readonly catalogue: Catalogue;
}

/**
 * Of each column of the result its mask, or null. DuckDB does not tell where a column comes from, and so the statement's
 * own select list has to: the policy has let through only those that show a masked column as an item by itself. Where
 * that leaves a doubt, too much is masked, or nothing is shown. Throws CannotMask.
 */
export function masksOf({ tree, names, catalogue }: ResultShape, masks: readonly MaskedColumn[]): (Mask | null)[] {
  const wanted = masks
    .toSorted((a, b) => STRICTEST.indexOf(a.mask) - STRICTEST.indexOf(b.mask))
    .map((mask): Wanted => ({ mask, entry: entryOf(catalogue, mask) }));
  const [first] = wanted;
  if (first === undefined) return names.map(() => null);
  const list = tree && new SelectList(tree, catalogue);
  const placed = list?.place(names);
  if (list === undefined || placed === undefined) throw new CannotMask(first.mask);
  const found = placed.map((item, index) =>
    wanted.filter((one) => isShownBy(one, item, names[index] ?? '', catalogue)),
  );
  for (const one of wanted) {
    const isShown = placed.some((item, index) => item.kind === 'column' && found[index]?.includes(one) === true);
    if (one.mask.isNamed ? !isShown : isReadWhole(list, one, catalogue)) throw new CannotMask(one.mask);
  }
  return found.map((ones) => ones[0]?.mask.mask ?? null);
}

interface Wanted {
  readonly mask: MaskedColumn;
  readonly entry: Entry;
}

function entryOf(catalogue: Catalogue, mask: MaskedColumn): Entry {
  const entry = catalogue.find({ schema: mask.schema, name: mask.table });
  // It went away since the policy was asked.
  if (entry?.columns.includes(mask.column) !== true) throw new CannotMask(mask);
  return entry;
}

function isShownBy({ mask, entry }: Wanted, item: Item, name: string, catalogue: Catalogue): boolean {
  switch (item.kind) {
    case 'column':
      return item.uses.some((use) => isOf(use, entry, catalogue) && [fold(mask.column), '*'].includes(use.name));
    case 'member':
      return item.entry === entry && item.column === mask.column;
    case 'unknown':
      // A name that is there twice may be told apart by a number.
      return [mask.column, ...item.aliasesOf(entry, mask.column)].some(
        (one) => fold(name).replace(/[:_]\d+$/, '') === fold(one).replace(/[:_]\d+$/, ''),
      );
    case 'computed':
      return false;
    default:
      return item satisfies never;
  }
}

const isOf = ({ tables }: ColumnUse, entry: Entry, catalogue: Catalogue): boolean =>
  tables.some((table) => catalogue.candidates(table).includes(entry));

/** As a row, or under other names: nowhere is it shown as itself then. */
const isReadWhole = (list: SelectList, { entry }: Wanted, catalogue: Catalogue): boolean =>
  list.others.some((use) => use.name === '*' && use.isGuess !== true && isOf(use, entry, catalogue));
