/**
 * Figures that people ask for by one word and that a schema holds as several columns. `per` ones
 * are said of a thing: "order value" is the revenue of one order.
 */
export const REVENUE_WORDS: ReadonlySet<string> = new Set([
  'revenue',
  'revenues',
  'turnover',
  'sales',
  'takings',
  'income',
]);

export const VALUE_WORDS: ReadonlySet<string> = new Set([
  'value',
  'values',
  'total',
  'totals',
  'amount',
  'size',
  'revenue',
]);
