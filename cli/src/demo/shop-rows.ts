/** A row of the demo shop, its cells in the order of its table's columns. */
export type Cell = string | number | boolean | null;
export type ShopRow = readonly Cell[];

/** Whole cents, which is what the shop counts in, as the euros that its tables hold. */
export function euros(cents: number): number {
  return cents / 100;
}

/**
 * The nearest amount that the shop uses. All its amounts are multiples of 25 cents: binary fractions
 * hold those exactly, so that sums are right to the cent in SQLite too, which has no decimals.
 */
export function roundAmount(cents: number): number {
  return Math.round(cents / 25) * 25;
}
