import { directionOf } from './lexicon/directions.ts';
import type { ColumnEntry, Edge, TableEntry } from './schema-index/entries.ts';
import type { SchemaIndex } from './schema-index/schema-index.ts';
import { stem, stems } from './text/stem.ts';

/** One key followed. `forward`: from the table that holds the foreign key to the one it references. */
export interface Step {
  readonly edge: Edge;
  readonly forward: boolean;
}

export type PathResult =
  | { readonly kind: 'path'; readonly steps: readonly Step[] }
  /** Several shortest ways, and nothing in the question prefers one. */
  | { readonly kind: 'ambiguous'; readonly choices: readonly (readonly Step[])[] }
  | { readonly kind: 'none' };

/** What the question says that may choose between keys: its words around, and columns it names. */
export interface PathHints {
  readonly words: readonly string[];
  readonly columns: readonly ColumnEntry[];
  /** Tables that a verb names: "returned". The way has to lead through them. */
  readonly tables: readonly TableEntry[];
}

export const NO_PATH_HINTS: PathHints = { words: [], columns: [], tables: [] };
const LONGEST_PATH = 4;

/** The number of keys between two tables; Infinity where there is no way within reach. */
export function distance(index: SchemaIndex, from: TableEntry, to: TableEntry): number {
  if (from === to) return 0;
  const paths = shortestPaths(index, from, to);
  return paths[0]?.length ?? Number.POSITIVE_INFINITY;
}

/** The shortest way from a row of one table to rows of another. */
export function findPath(index: SchemaIndex, from: TableEntry, to: TableEntry, hints: PathHints): PathResult {
  if (from === to) return { kind: 'path', steps: [] };
  const paths = shortestPaths(index, from, to);
  if (paths.length === 0) return { kind: 'none' };
  const scored = paths.map((steps) => ({ steps, score: scorePath(steps, hints) })).sort((a, b) => b.score - a.score);
  const [best, second] = scored;
  if (best === undefined) return { kind: 'none' };
  if (second !== undefined && best.score - second.score < 0.01) {
    return {
      kind: 'ambiguous',
      choices: scored.filter(({ score }) => best.score - score < 0.01).map(({ steps }) => steps),
    };
  }
  return { kind: 'path', steps: best.steps };
}

/** All ways of the least length. Asked for again and again while a question is read, so kept with the schema. */
function shortestPaths(index: SchemaIndex, from: TableEntry, to: TableEntry): readonly (readonly Step[])[] {
  const key = `${from.index} ${to.index}`;
  const known = index.paths.get(key);
  if (known !== undefined) return known;
  const paths = searchPaths(index, from, to);
  if (index.paths.size >= MOST_KEPT) index.paths.clear();
  index.paths.set(key, paths);
  return paths;
}

const MOST_KEPT = 20_000;

/** Breadth first, so that the first to arrive are the shortest. */
function searchPaths(index: SchemaIndex, from: TableEntry, to: TableEntry): Step[][] {
  let front: Step[][] = [[]];
  const seen = new Set<TableEntry>([from]);
  for (let length = 1; length <= LONGEST_PATH; length++) {
    const next: Step[][] = [];
    for (const path of front) {
      for (const step of stepsFrom(index, endOf(path, from))) {
        if (!seen.has(endOf([step], from))) next.push([...path, step]);
      }
    }
    const arrived = next.filter((path) => endOf(path, from) === to);
    if (arrived.length > 0) return arrived;
    for (const path of next) seen.add(endOf(path, from));
    if (next.length === 0 || next.length > 5_000) return [];
    front = next;
  }
  return [];
}

function stepsFrom(index: SchemaIndex, table: TableEntry): Step[] {
  return (index.edges.get(table) ?? []).flatMap((edge) => {
    if (edge.from === edge.to) return [];
    return [{ edge, forward: edge.from === table }];
  });
}

function endOf(path: readonly Step[], from: TableEntry): TableEntry {
  const last = path.at(-1);
  if (last === undefined) return from;
  return last.forward ? last.edge.to : last.edge.from;
}

/** Declared keys before guessed ones, keys the question hints at, keys named after what they reference, bridges before things of their own. */
function scorePath(steps: readonly Step[], hints: PathHints): number {
  let score = 0;
  for (const { edge } of steps) {
    if (!edge.declared) score -= 0.2;
    score += edge.fromColumns.reduce((sum, column) => sum + hintScore(column, hints), 0);
    const [column] = edge.fromColumns;
    if (column !== undefined && named(column, edge.to)) score += 0.15;
    if (edge.from.junction) score += 0.1;
  }
  return score;
}

/** `language_id` for language, and not `original_language_id`. */
function named(column: ColumnEntry, to: TableEntry): boolean {
  const rest = column.words.filter((word) => !KEY_WORDS.has(word));
  return rest.length > 0 && rest.every((word) => to.words.includes(word));
}

const KEY_WORDS = stems('id code key number uid');
const SILENT_WORDS = stems('id code key date time at year');

export function hintScore(column: ColumnEntry, hints: PathHints): number {
  if (hints.columns.includes(column)) return 1;
  const own = column.words.filter((word) => !SILENT_WORDS.has(word));
  let score = 0;
  for (const word of hints.words) {
    if (own.includes(stem(word))) score += 0.6;
    const direction = directionOf(word);
    if (direction !== null && own.some((part) => directionOf(part) === direction))
      score += word === 'from' || word === 'to' ? 0.4 : 0.5;
    else if (direction !== null && own.some((part) => directionOf(part) !== null))
      score -= word === 'from' || word === 'to' ? 0.2 : 0.5;
  }
  return score;
}
