import { findPath, NO_PATH_HINTS, type PathHints, type Step } from '../join-paths.ts';
import { columnsOf, type Mention, tablesOf } from '../link/mention.ts';
import { type Instance, instancesOf, type Select } from '../logical-form.ts';
import type { Hints } from '../parse/question-tree.ts';
import type { Edge, TableEntry } from '../schema-index/entries.ts';
import type { SchemaIndex } from '../schema-index/schema-index.ts';
import { CannotRead } from './cannot-read.ts';

/** One attempt to read a question: what it has cost so far and what it took for granted. */
export interface Reading {
  readonly index: SchemaIndex;
  /** Sum of doubts; the reading with the least is taken. */
  cost: number;
  readonly assumptions: Set<string>;
  /** What each mention was read as; see explain/. */
  readonly notes: Map<Mention, string>;
  /** The asker's day, YYYY-MM-DD. */
  readonly today: string;
  /** The SELECT of the question itself; order and grouping are always its own. */
  readonly select: Select;
  /** Things the question has named as a whole; naming one again would say nothing, so it must mean something else. */
  readonly named: Set<Instance>;
  /** What is asked for are properties without an owner: "which countries have …", not "the countries of singers". */
  ownerless: boolean;
  readonly semiJoins: SemiJoin[];
  /** The other row of the same table that was spoken of last: somebody's manager. */
  other: Instance | null;
  /** "the top 5 …", of which it is not yet said by what. */
  pending: { readonly select: Select; readonly direction: 'asc' | 'desc' } | null;
}

/** "among those that have one …": what more is said of the same rows belongs inside. */
export interface SemiJoin {
  readonly outside: Select;
  readonly outer: Instance;
  readonly edge: Edge;
  readonly inside: Scope;
  readonly joint: boolean;
}

/** A noun's place in a SELECT: what is said about the noun applies to rows of `instance`. */
export interface Scope {
  readonly reading: Reading;
  readonly select: Select;
  readonly instance: Instance;
  readonly parent: Scope | null;
}

export const pathHints = ({ words, mentions }: Hints): PathHints => ({
  words,
  columns: mentions.flatMap((mention) =>
    columnsOf(mention)
      .filter(({ quality }) => quality >= 0.8)
      .map(({ column }) => column),
  ),
  tables: mentions.flatMap((mention) =>
    tablesOf(mention)
      .filter(({ quality }) => quality >= 0.9)
      .map(({ table }) => table),
  ),
});

/** Steps to a table, or CannotRead when there is no way or more than one. */
export function pathTo(scope: Scope, to: TableEntry, hints: PathHints = NO_PATH_HINTS): readonly Step[] {
  const own = scope.instance.table;
  const steps = onlyPath(scope, own, to, hints);
  const passed = new Set([own, to, ...steps.flatMap(({ edge }) => [edge.from, edge.to])]);
  const via = hints.tables.find((table) => !passed.has(table));
  // "customers who returned products": by way of the returns, not of any order.
  return via === undefined ? steps : [...onlyPath(scope, own, via, hints), ...onlyPath(scope, via, to, hints)];
}

function onlyPath({ reading }: Scope, from: TableEntry, to: TableEntry, hints: PathHints): readonly Step[] {
  const path = findPath(reading.index, from, to, hints);
  const [a, b] = [from.table.name, to.table.name];
  if (path.kind === 'path') {
    if (meetsAtPeak(path.steps))
      throw new CannotRead(`${a} and ${b} are only connected by something they have in common`);
    return path.steps;
  }
  if (path.kind === 'none') throw new CannotRead(`nothing connects ${a} and ${b}`);
  throw new CannotRead(`${a} and ${b} are connected in several ways`, path.choices.map(describePath));
}

/** Orders and tickets of the same customer: that two things belong to a third does not connect them. */
const meetsAtPeak = (steps: readonly Step[]): boolean =>
  steps.some(({ forward }, at) => forward && steps[at + 1]?.forward === false);

const describePath = (steps: readonly Step[]): string =>
  steps
    .map(({ edge }) => `${edge.from.table.name}.${edge.fromColumns.map(({ column }) => column.name).join(', ')}`)
    .join(' and ');

/** The instance of a table in this scope's SELECT, joined in along the path when it is not there yet. */
export function joinTo(scope: Scope, to: TableEntry, hints: PathHints = NO_PATH_HINTS): Instance {
  if (scope.instance.table === to) return scope.instance;
  if (hints.words.length === 0 && hints.columns.length === 0) {
    const known = instancesOf(scope.select).filter(({ table }) => table === to);
    if (known.length === 1 && known[0] !== undefined) return known[0];
  }
  return followSteps(scope, pathTo(scope, to, hints));
}

/** Joins along the steps, using joins that are there already. */
export function followSteps(scope: Scope, steps: readonly Step[]): Instance {
  let at = scope.instance;
  for (const { edge, forward } of steps) {
    const from = at;
    const known =
      scope.select.joins.find((join) => join.from === from && join.edge === edge && join.forward === forward)?.to ??
      scope.select.joins.find((join) => join.to === from && join.edge === edge && join.forward !== forward)?.from;
    if (known !== undefined) {
      at = known;
      continue;
    }
    const to: Instance = { table: forward ? edge.to : edge.from };
    scope.select.joins.push({ from, to, edge, forward });
    at = to;
  }
  return at;
}
