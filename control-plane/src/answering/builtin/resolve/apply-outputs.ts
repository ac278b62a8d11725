import { distance } from '../join-paths.ts';
import { columnsOf, type Mention, tablesOf, valuesOf } from '../link/mention.ts';
import type { Expression, Instance } from '../logical-form.ts';
import { isMeasure } from '../parse/parse-attribute.ts';
import type { Asks } from '../parse/parse-lead.ts';
import type { OutputNode } from '../parse/question-tree.ts';
import type { ColumnEntry, TableEntry } from '../schema-index/entries.ts';
import { splitIdentifier } from '../text/split-identifier.ts';
import { stem, stems } from '../text/stem.ts';
import { CannotRead } from './cannot-read.ts';
import { countOutput } from './count-output.ts';
import { displayColumns } from './display-columns.ts';
import { dateForm, eventDate } from './event-date.ts';
import { nested, tryChoose } from './output-scope.ts';
import { describeColumn, resolveColumn, STEP_COST } from './resolve-column.ts';
import { derivedOf, resolveMeasure } from './resolve-measure.ts';
import { joinTo, type Scope } from './scope.ts';
import { type Subject, sharedColumn } from './subjects.ts';

/** What an output adds to the SELECT, and the scope in which what is said about its noun applies. */
export interface AppliedOutput {
  readonly expressions: readonly Expression[];
  readonly scope: Scope;
  /** The thing itself, if it is asked for as a whole. */
  readonly named: Instance | null;
}

export interface Place {
  /** Whose property it is. */
  readonly subject: Subject | null;
  /** Nothing else is asked for. */
  readonly alone: boolean;
  readonly asks: Asks;
}

/** One thing asked for. Its modifiers are applied by the caller, once all outputs are known. */
export function applyOutput(scope: Scope, output: OutputNode, place: Place): AppliedOutput {
  const { subject } = place;
  switch (output.kind) {
    case 'count':
      return countOutput(scope, output);
    case 'noun':
      return output.aggregates.length > 0
        ? aggregateOutput(of(scope, subject), output)
        : plainOutput(of(scope, subject), output, place);
    default:
      return output satisfies never;
  }
}

/** The scope in which a property is looked for: its subject's, if it has one. */
const of = (scope: Scope, subject: Subject | null): Scope =>
  subject === null ? scope : nested(scope, subject.instance);

function aggregateOutput(scope: Scope, { noun, aggregates }: Extract<OutputNode, { kind: 'noun' }>): AppliedOutput {
  const derived = derivedOf(scope, noun.mention);
  if (derived !== null) {
    const expressions = aggregates.map((name) => resolveMeasure(scope, derived, name));
    return { expressions, scope: nested(scope, joinTo(scope, derived.per ?? derived.measure.table)), named: null };
  }
  if (aggregates.includes('sum')) refuseTotalOfThings(noun.mention);
  const of = resolveColumn(scope, noun.mention, isMeasure);
  const expressions = aggregates.map((name) => {
    if (name === 'count') throw new CannotRead('a number of what is a figure itself');
    return { kind: 'aggregate', name, of } as const;
  });
  return { expressions, scope: nested(scope, of.instance), named: null };
}

/** "total payments": how many, or what they come to. */
function refuseTotalOfThings({ text, candidates }: Mention): void {
  const table = candidates.find((candidate) => candidate.kind === 'table' && candidate.quality >= 0.9);
  const figure = candidates.some((candidate) => candidate.kind === 'column' && isMeasure(candidate.column));
  if (table?.kind !== 'table' || figure) return;
  const sums = table.table.columns.filter((column) => isMeasure(column) && column.column.kind !== 'text');
  const choices = sums
    .slice(0, MOST_SUMS)
    .map(({ column }) => `total ${splitIdentifier(column.name).join(' ')} of ${text}`);
  throw new CannotRead(`“total ${text}” may be their number or a sum`, [`number of ${text}`, ...choices]);
}

const MOST_SUMS = 3;

function plainOutput(scope: Scope, output: Extract<OutputNode, { kind: 'noun' }>, place: Place): AppliedOutput {
  const { mention } = output.noun;
  const { subject, asks } = place;
  const derived = derivedOf(scope, mention);
  if (derived !== null) {
    const expressions = [resolveMeasure(scope, derived, 'sum')];
    return { expressions, scope: nested(scope, joinTo(scope, derived.measure.table)), named: null };
  }
  const property = subject === null ? null : propertyOf(scope, output, subject);
  if (property !== null) return { expressions: [property], scope, named: null };
  const table = entityTable(scope, output);
  if (table !== null && asks !== null && asks !== 'who') return askedColumn(scope, table, output, asks);
  if (asks === 'how-much' && !output.noun.modifiers.some(({ kind }) => kind === 'top')) {
    throw new CannotRead('“how much” may ask for one or for all together');
  }
  if (output.whole && table === null) throw new CannotRead('everything about what is no thing');
  if (table !== null) return entityOutput(scope, table, shownColumns(table, output, place.alone));
  if (columnsOf(mention).length === 0 && valuesOf(mention).length > 0)
    throw new CannotRead(`“${mention.text}” is a value`);
  if (isCountWord(mention)) throw new CannotRead(`“${mention.text}” of what is not said`);
  const full = fullName(scope, mention);
  if (full !== null) return { ...entityOutput(scope, scope.instance.table, full), named: null };
  const column = resolveColumn(scope, mention);
  if (asks === 'when' && dateForm(column.column) === null) throw new CannotRead(`“${mention.text}” does not say when`);
  return { expressions: [column], scope: nested(scope, column.instance), named: null };
}

function entityOutput(scope: Scope, table: TableEntry, columns: readonly ColumnEntry[]): AppliedOutput {
  if (columns.length === 0) throw new CannotRead(`${table.table.name} has no name to show`);
  const instance = joinTo(scope, table);
  const expressions = columns.map((column) => ({ kind: 'column', instance, column }) as const);
  return { expressions, scope: nested(scope, instance), named: instance };
}

/** "the number and average age": a number is no column that is only called alike. */
const isCountWord = (mention: Mention): boolean =>
  COUNT_WORDS.has(stem(mention.text)) && columnsOf(mention).every(({ quality }) => quality < 0.9);
const COUNT_WORDS = stems('number count amount total');

/** "names" of what has a first and a last name. */
function fullName({ instance }: Scope, mention: Mention): readonly ColumnEntry[] | null {
  const full = NAMES.has(stem(mention.text)) ? displayColumns(instance.table) : [];
  const exact = columnsOf(mention).some(({ column, quality }) => column.table === instance.table && quality >= 0.95);
  return full.length > 1 && !exact ? full : null;
}

/** A thing without a name that is asked for as a whole is shown whole. */
function shownColumns(
  table: TableEntry,
  { noun, whole }: Extract<OutputNode, { kind: 'noun' }>,
  alone: boolean,
): readonly ColumnEntry[] {
  if (whole) return table.columns.filter(({ column }) => column.kind !== 'binary');
  const shown = displayColumns(table);
  // A view has no key, and nothing that names its rows.
  if (shown.length === 0 && alone) return table.columns;
  const ranked = noun.modifiers.some(({ kind }) => kind === 'top' || kind === 'group');
  const [only] = shown;
  const nameless = shown.length === 1 && only === table.key && only.column.kind === 'integer' && alone && !ranked;
  return nameless ? table.columns.filter(({ column }) => column.kind !== 'binary') : shown;
}

/** "the names of the directors", where a movie's director is a column: that column. Of nothing else can such a thing have a property. */
function propertyOf(scope: Scope, output: Extract<OutputNode, { kind: 'noun' }>, subject: Subject): Expression | null {
  const shared = sharedColumn(output.noun.mention, subject.mention);
  if (shared !== null && shared.table === scope.instance.table && tablesOf(output.noun.mention).length === 0) {
    return { kind: 'column', instance: scope.instance, column: shared };
  }
  const column = subject.property;
  const thing = tablesOf(output.noun.mention).some(({ quality }) => quality >= 0.9);
  if (column === null || thing) return null;
  if (!NAMES.has(stem(output.noun.mention.text))) {
    if (sharedColumn(output.noun.mention, subject.mention) !== null) return null;
    throw new CannotRead(`“${subject.mention.text}” has no ${output.noun.mention.text}`);
  }
  return { kind: 'column', instance: scope.instance, column };
}

const NAMES = stems('name');

/** "when was the order shipped", "where is the stadium": the one column of the thing that says so. */
function askedColumn(
  scope: Scope,
  table: TableEntry,
  { noun }: OutputNode,
  asks: 'how-much' | 'when' | 'where',
): AppliedOutput {
  const instance = joinTo(scope, table);
  const words = noun.modifiers.flatMap((modifier) => ('hints' in modifier ? modifier.hints.words : []));
  const places = table.columns.filter((column) => column.words.some((word) => PLACES.has(word)));
  const column =
    asks === 'when'
      ? eventDate(table, words, true).column
      : asks === 'where' && places.length === 1
        ? places[0]
        : undefined;
  if (column === undefined) throw new CannotRead(`“${asks}” is nothing that ${table.table.name} is known to have`);
  scope.reading.assumptions.add(`“${asks}” is read of ${describeColumn(column)}.`);
  return { expressions: [{ kind: 'column', instance, column }], scope: nested(scope, instance), named: instance };
}

const PLACES = stems('location city address place hometown venue country');

/** The table an output means as a whole ("the airlines"), if that is the better reading than a column. */
function entityTable(scope: Scope, output: Extract<OutputNode, { kind: 'noun' }>): TableEntry | null {
  const { mention } = output.noun;
  const { index } = scope.reading;
  const [best] = tablesOf(mention)
    .map(({ table, quality }) => ({
      table,
      cost: 1 - quality + STEP_COST * distance(index, scope.instance.table, table),
    }))
    .sort((a, b) => a.cost - b.cost);
  if (best === undefined || best.cost > 0.6) return null;
  const column = tryChoose(scope, output);
  // A column named like its own table shows the table; nearer columns of other tables win.
  if (column !== null && column.cost < best.cost && column.column.table !== best.table) return null;
  if (column !== null && column.cost + 0.05 < best.cost) return null;
  scope.reading.cost += best.cost;
  scope.reading.notes.set(mention, `rows of ${best.table.table.name}`);
  return best.table;
}
