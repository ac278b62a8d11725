import { distance, NO_PATH_HINTS } from '../join-paths.ts';
import { tablesOf, valuesOf } from '../link/mention.ts';
import { isMeasure } from '../parse/parse-attribute.ts';
import type { OutputNode } from '../parse/question-tree.ts';
import type { ColumnEntry } from '../schema-index/entries.ts';
import { singular, stems } from '../text/stem.ts';
import type { AppliedOutput } from './apply-outputs.ts';
import { CannotRead } from './cannot-read.ts';
import { columnFilter } from './filter-through.ts';
import { nested, tryChoose } from './output-scope.ts';
import { describeColumn, resolveColumn, STEP_COST } from './resolve-column.ts';
import { chooseValues } from './resolve-value.ts';
import { joinTo, type Scope } from './scope.ts';

export function countOutput(scope: Scope, output: Extract<OutputNode, { kind: 'count' }>): AppliedOutput {
  const { mention } = output.noun;
  const { index } = scope.reading;
  const own = scope.instance.table;
  const tables = tablesOf(mention)
    .map(({ table, quality }) => ({ table, cost: 1 - quality + STEP_COST * distance(index, own, table) }))
    .sort((a, b) => a.cost - b.cost);
  const [table] = tables;
  const column = tryChoose(scope, output);
  if (
    table !== undefined &&
    table.cost <= 0.6 &&
    (column === null || column.column.isKey || table.cost <= column.cost + 0.02)
  ) {
    if (output.distinct && table.cost > 0.1)
      throw new CannotRead(`“different ${mention.text}” may mean several things`);
    scope.reading.cost += table.cost;
    scope.reading.notes.set(mention, `rows of ${table.table.table.name}`);
    const instance = joinTo(scope, table.table);
    return {
      expressions: [{ kind: 'count', of: instance, distinct: null }],
      scope: nested(scope, instance),
      named: instance,
    };
  }
  if (column !== null) {
    const of = resolveColumn(scope, mention);
    if (isMeasure(of.column) && !output.distinct) {
      if (!holdsCount(of.column)) throw new CannotRead('a number of what is a figure itself');
      scope.reading.assumptions.add(`“${mention.text}” is read as the sum of ${describeColumn(of.column)}.`);
      return { expressions: [{ kind: 'aggregate', name: 'sum', of }], scope: nested(scope, of.instance), named: null };
    }
    return {
      expressions: [{ kind: 'count', of: of.instance, distinct: of }],
      scope: nested(scope, of.instance),
      named: null,
    };
  }
  if (valuesOf(mention).length > 0) return countValue(scope, output);
  throw new CannotRead(`“${mention.text}” cannot be counted`);
}

/** Columns that hold a number of things: "how many people" is their sum. A "student number" is no such. */
const holdsCount = ({ words, column }: ColumnEntry): boolean =>
  column.kind !== 'text' &&
  (words[0] === 'number' || COUNTING.has(words.at(-1) ?? '') || (words.length === 1 && isPlural(column.name)));

const isPlural = (name: string): boolean => singular(name.toLowerCase()) !== name.toLowerCase();

const COUNTING = stems('population count quantity');

/** "how many dogs": a value used as a noun. */
function countValue(scope: Scope, { noun }: Extract<OutputNode, { kind: 'count' }>): AppliedOutput {
  const { column, values, cost } = chooseValues(scope, [noun.mention], null, NO_PATH_HINTS);
  if (column.table !== scope.instance.table) throw new CannotRead('a value of another table');
  scope.reading.cost += cost + 0.1;
  scope.select.where.push(
    columnFilter(
      column,
      values.map((text) => ({ kind: 'text', text })),
    )(scope.instance, false),
  );
  return { expressions: [{ kind: 'count', of: scope.instance, distinct: null }], scope, named: null };
}
