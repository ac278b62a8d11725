import { distance, hintScore, type PathHints } from '../join-paths.ts';
import { columnsOf, type Mention, tablesOf, type ValueCandidate, valuesOf } from '../link/mention.ts';
import type { ColumnEntry } from '../schema-index/entries.ts';
import { CannotRead } from './cannot-read.ts';
import { displayColumns } from './display-columns.ts';
import { describeColumn, STEP_COST } from './resolve-column.ts';
import type { Scope } from './scope.ts';

export interface ValueChoice {
  readonly column: ColumnEntry;
  readonly values: readonly string[];
  readonly cost: number;
}

const TOO_CLOSE = 0.04;
const DEAREST = 0.9;
/** So many keys away, a value that nothing else names is found by chance. */
const FAR = 3;
const FAR_COST = 0.3;

/** The column that holds the values, said of this scope's noun. All values must be of one column. */
export function chooseValues(
  scope: Scope,
  mentions: readonly Mention[],
  attribute: Mention | null,
  hints: PathHints,
): ValueChoice {
  const [first, ...rest] = mentions;
  if (first === undefined) throw new CannotRead('no value');
  const choices = valuesOf(first)
    .map((candidate) => rate(scope, candidate, attribute, hints))
    .flatMap((choice) => completed(choice, rest))
    .filter(({ cost }) => cost <= DEAREST)
    .sort((a, b) => a.cost - b.cost);
  const [best, _second] = choices;
  if (best === undefined)
    throw new CannotRead(`“${first.text}” is no value of ${attribute?.text ?? scope.instance.table.table.name}`);
  const rival = choices.find(({ column }) => column !== best.column) ?? null;
  if (rival !== null && rival.cost - best.cost < TOO_CLOSE) {
    throw new CannotRead(`“${first.text}” is found in several places`, [best.column, rival.column].map(describeColumn));
  }
  // The same text in other letter cases: all of them are meant.
  const spellings = choices.filter(({ column, cost }) => column === best.column && cost - best.cost < TOO_CLOSE);
  return { ...best, cost: Math.max(0, best.cost), values: [...new Set(spellings.flatMap(({ values }) => values))] };
}

/** "tracks in X": X is no track. */
const PLACES = new Set(['in', 'from', 'at', 'on', 'with', 'for']);
const ownName = ({ instance }: Scope, column: ColumnEntry): boolean =>
  column.table === instance.table && displayColumns(column.table).includes(column);

function completed(choice: ValueChoice, rest: readonly Mention[]): ValueChoice[] {
  const values = [...choice.values];
  for (const mention of rest) {
    const same = valuesOf(mention).filter(({ column }) => column === choice.column);
    if (same.length === 0) return [];
    values.push(...same.filter(({ quality }) => quality >= (same[0]?.quality ?? 1)).map(({ value }) => value));
  }
  return [{ ...choice, values }];
}

function rate(scope: Scope, candidate: ValueCandidate, attribute: Mention | null, hints: PathHints): ValueChoice {
  const { column, value, quality } = candidate;
  const steps = distance(scope.reading.index, scope.instance.table, column.table);
  let cost = 1 - quality - 0.3 * Math.max(-0.5, Math.min(1, hintScore(column, hints)));
  if (displayColumns(column.table).includes(column)) cost -= 0.05;
  if (ownName(scope, column) && attribute === null && hints.words.some((word) => PLACES.has(word))) cost += 0.25;
  if (attribute !== null) cost += attributeCost(column, attribute);
  // "customers from Brasil": that a track of that name was sold to them is not what was meant.
  const bare = hints.words.every((word) => PLACES.has(word) || word === 'the');
  if (steps >= FAR && attribute === null && bare) cost += FAR_COST;
  // However well it fits, farther is dearer.
  return { column, values: [value], cost: Math.max(0, cost) + STEP_COST * steps };
}

/** "city Aberdeen", "airport 'AHD'", "the type dog": the column, or the table, that is named beside the value. */
function attributeCost(column: ColumnEntry, attribute: Mention): number {
  const named = columnsOf(attribute).find((candidate) => candidate.column === column);
  if (named !== undefined) return -0.3 * named.quality;
  const reference = columnsOf(attribute).find((candidate) => candidate.column.references === column.table);
  if (reference !== undefined && displayColumns(column.table).includes(column)) return -0.25 * reference.quality;
  const table = tablesOf(attribute).find((candidate) => candidate.table === column.table);
  if (table !== undefined)
    return displayColumns(column.table).includes(column) || column.isKey ? -0.2 * table.quality : 0;
  return Number.POSITIVE_INFINITY;
}
