import { columnsOf, type Mention, measureIn, tablesOf, valuesOf } from '../link/mention.ts';
import { newSelect, type Select } from '../logical-form.ts';
import { isMeasure } from '../parse/parse-attribute.ts';
import type { Modifier, QuestionTree } from '../parse/question-tree.ts';
import type { ColumnEntry, TableEntry } from '../schema-index/entries.ts';
import type { SchemaIndex } from '../schema-index/schema-index.ts';
import { applyModifiers } from './apply-modifiers.ts';
import { sameExpression } from './apply-order.ts';
import { applyOutput } from './apply-outputs.ts';
import { CannotRead } from './cannot-read.ts';
import { displayColumns } from './display-columns.ts';
import { finishSelect } from './finish-select.ts';
import type { Reading, Scope } from './scope.ts';
import { findSubjects, isPlain, type Subject } from './subjects.ts';

/** A complete reading of a question. */
export interface ReadQuestion {
  readonly select: Select;
  readonly cost: number;
  readonly assumptions: readonly string[];
  readonly notes: ReadonlyMap<Mention, string>;
}

export type ReadResult =
  | { readonly kind: 'read'; readonly readings: readonly ReadQuestion[] }
  | { readonly kind: 'failed'; readonly reason: string; readonly choices: readonly string[] };

const MOST_ROOTS = 12;
/** Questions are rarely about what only connects two things. */
const JUNCTION_COST = 0.1;
/** A view repeats what the tables hold, and has no keys to go on from. */
const VIEW_COST = 0.15;
/** Of two tables asked for side by side the first is what the question is about. */
const NOT_FIRST_COST = 0.05;
/** A property that is not the named thing's own, and only partly called so. */
const UNNAMED_COST = 0.35;

/** All readings of a question, the least doubtful first: one attempt for each table it may be about. */
export function readQuestion(tree: QuestionTree, index: SchemaIndex, today: string): ReadResult {
  const readings: ReadQuestion[] = [];
  let failure: CannotRead | null = null;
  for (const root of rootTables(tree)) {
    try {
      readings.push(readAbout(root, tree, { index, today }));
    } catch (error) {
      if (!(error instanceof CannotRead)) throw error;
      failure ??= error;
    }
  }
  if (readings.length > 0) return { kind: 'read', readings: readings.sort((a, b) => a.cost - b.cost) };
  return { kind: 'failed', reason: failure?.message ?? 'nothing the schema knows', choices: failure?.choices ?? [] };
}

function readAbout(root: TableEntry, tree: QuestionTree, context: { index: SchemaIndex; today: string }): ReadQuestion {
  const select = newSelect(root);
  const reading = newReading(context, select);
  const scope: Scope = { reading, select, instance: select.root, parent: null };
  const subjects = findSubjects(scope, tree);
  const applied = tree.outputs.map((output, at) => {
    const result = applyOutput(scope, output, {
      subject: subjects[at] ?? null,
      alone: tree.outputs.length === 1,
      asks: tree.asks,
    });
    select.outputs.push(...result.expressions);
    return { output, result };
  });
  const [first] = select.outputs;
  if (first?.kind === 'column' && first.instance !== select.root) reading.cost += NOT_FIRST_COST;
  if (isElsewhere(first, tree, subjects)) reading.cost += UNNAMED_COST;
  reading.ownerless = isOwnerless(select, tree, subjects);
  for (const { output, result } of applied) {
    reading.named.clear();
    if (result.named !== null) reading.named.add(result.named);
    applyModifiers(result.scope, output.noun.modifiers);
  }
  if (tree.outputs.length > 1) reading.named.clear();
  applyModifiers(scope, tree.modifiers);
  if (reading.pending !== null) throw new CannotRead('a “most” or “least” without saying of what');
  finishSelect(select);
  select.distinct = isDistinct(reading, tree);
  return { select, cost: reading.cost, assumptions: [...reading.assumptions], notes: reading.notes };
}

/** "the details of lots" are of the lots, not of whatever else has details. */
function isElsewhere(
  first: Select['outputs'][number] | undefined,
  tree: QuestionTree,
  subjects: readonly (Subject | null)[],
): boolean {
  const [output] = tree.outputs;
  const subject = subjects[0] ?? null;
  if (first?.kind !== 'column' || output === undefined || subject === null || subject.instance === first.instance)
    return false;
  const { mention } = output.noun;
  const named =
    tablesOf(mention).length > 0 ||
    columnsOf(mention).some((one) => one.column === first.column && one.quality >= 0.95);
  return !named && first.column.words.length > 1;
}

const newReading = ({ index, today }: { index: SchemaIndex; today: string }, select: Select): Reading => ({
  ...{ index, today },
  cost: (select.root.table.junction ? JUNCTION_COST : 0) + (isView(select.root.table) ? VIEW_COST : 0),
  assumptions: new Set(),
  notes: new Map(),
  select,
  named: new Set(),
  ownerless: false,
  semiJoins: [],
  other: null,
  pending: null,
});

/** Groups are distinct by themselves; and what is shown once cannot be ordered by what is not shown. */
function isDistinct({ select, ownerless }: Reading, tree: QuestionTree): boolean {
  if (select.groupBy.length > 0) return false;
  const shown = select.orderBy.every(({ by }) => select.outputs.some((output) => sameExpression(output, by)));
  if (wantsDistinct(tree) && !shown) throw new CannotRead('an order by what is not shown');
  return wantsDistinct(tree) || (ownerless && shown);
}

/** Each of the things asked for is wanted once: a property is asked for, of nothing that is named before it. */
function isOwnerless(select: Select, tree: QuestionTree, subjects: readonly unknown[]): boolean {
  const [output, ...more] = select.outputs;
  if (output?.kind !== 'column' || more.length > 0 || !tree.outputs.every(isPlain)) return false;
  if (!tree.outputs.every(({ noun }) => noun.mention.text.toLowerCase().endsWith('s'))) return false;
  if (output.column.isKey || subjects[0] !== null || output.instance !== select.root) return false;
  const named = tree.outputs.some(({ noun }) => namesOwner(noun.mention, output.column));
  return !named && !displayColumns(output.column.table).includes(output.column) && !isMeasure(output.column);
}

const namesOwner = (mention: Mention, column: ColumnEntry): boolean =>
  columnsOf(mention).some(
    (candidate) =>
      candidate.column === column &&
      (candidate.namesTable || (column.tableWords.size > 0 && mention.to - mention.from > 1)),
  );

const wantsDistinct = ({ outputs }: QuestionTree): boolean =>
  outputs.every((output) => output.kind === 'noun' && output.aggregates.length === 0) &&
  outputs.some(({ distinct }) => distinct);

/** Tables that the things asked for may be of, and those they are said to belong to. */
function rootTables(tree: QuestionTree): TableEntry[] {
  const found = new Map<TableEntry, number>();
  const add = (table: TableEntry, quality: number): void => {
    found.set(table, Math.max(found.get(table) ?? 0, quality));
  };
  const addMention = (mention: Mention): void => {
    for (const { table, quality } of tablesOf(mention)) add(table, quality);
    for (const { column, quality } of columnsOf(mention)) add(column.table, quality * 0.9);
    const derived = measureIn(mention);
    if (derived !== undefined) add(derived.measure.table, derived.quality);
    if (tablesOf(mention).length + columnsOf(mention).length === 0)
      for (const { column } of valuesOf(mention)) add(column.table, 0.6);
  };
  const addModifiers = (modifiers: readonly Modifier[]): void => {
    for (const modifier of modifiers) if (modifier.kind === 'related') addMention(modifier.noun.mention);
  };
  for (const { noun } of tree.outputs) {
    addMention(noun.mention);
    addModifiers(noun.modifiers);
  }
  addModifiers(tree.modifiers);
  return [...found]
    .sort((a, b) => Number(isView(a[0])) - Number(isView(b[0])) || b[1] - a[1])
    .map(([table]) => table)
    .slice(0, MOST_ROOTS);
}

const isView = ({ table }: TableEntry): boolean => table.kind !== 'table';
