import type { Facts, Use } from '../../classify.ts';
import { Scope } from '../../parsing/scope.ts';
import type { Fields } from './nodes.ts';
import { selectItems } from './select-items.ts';
import { Walk } from './walk.ts';

export interface Classified {
  readonly facts: Facts;
  /** Those of the functions that are called as FROM items. */
  readonly tableCalls: ReadonlySet<Use>;
}

/**
 * Walks the tree of one query by the table of node kinds and notes what it reads and calls.
 * @param toOffset from the tree's byte offsets to UTF-16 offsets
 * @throws Refused at a node kind or a field that no read has
 */
export function classify(statement: Fields, toOffset: (bytes: number) => number): Classified {
  const walk = new Walk(toOffset);
  walk.statement(statement, new Scope(undefined));
  const { facts, tableCalls } = walk;
  const items = selectItems(statement['node'], walk.columnsAt);
  const isItem = new Set(items.columns);
  const others = facts.columns.filter((use) => !isItem.has(use));
  return { facts: { ...facts, columns: items.shown.finish(others) }, tableCalls };
}
