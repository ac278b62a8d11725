import type { ColumnUse, Facts } from './classify.ts';

/** Of a statement that is only explained: none of its values comes out. */
export function planOnly(facts: Facts): Facts {
  const columns = facts.columns.map((use) => (use.role === 'shown' ? { ...use, role: 'planned' as const } : use));
  return { ...facts, columns };
}

type Item = readonly ColumnUse[];

/**
 * The items of a statement's outermost select list. An item that is a column by itself is `shown` as long as nothing
 * else depends on its values: no ORDER BY names it by its alias or its position.
 */
export class ShownColumns {
  readonly #items: { readonly uses: Item; readonly alias: string | null }[] = [];
  readonly #positions: number[] = [];
  #isOrderedUnknown = false;

  /** The next item: what it reads where it is one column or one star, else null. */
  add(uses: Item | null, alias: string | null): void {
    this.#items.push({ uses: uses ?? [], alias });
  }

  /** The statement sorts or groups by the item of that place, from 1. */
  usePosition(position: number): void {
    this.#positions.push(position);
  }

  /** The statement sorts by what cannot be told: all items count as used. */
  useAll(): void {
    this.#isOrderedUnknown = true;
  }

  /** All uses of the statement, with the role of the shown ones. `others` are those that are no item by themselves. */
  finish(others: readonly ColumnUse[]): ColumnUse[] {
    const names = new Set(others.filter(({ isQualified }) => !isQualified).map(({ name }) => name));
    const items = this.#items.flatMap(({ uses, alias }, index) => {
      const isUsed = this.#isUsedAt(index) || (alias !== null && names.has(alias));
      return uses.map((use) => ({ ...use, role: isUsed ? 'used' : 'shown' }) as const);
    });
    return [...items, ...others];
  }

  /** After a star, positions are not known. */
  #isUsedAt(index: number): boolean {
    if (this.#isOrderedUnknown) return true;
    return this.#positions.some((position) => {
      const isBehindStar = this.#items.slice(0, position).some(({ uses }) => uses.some(({ name }) => name === '*'));
      return isBehindStar || position === index + 1;
    });
  }
}
