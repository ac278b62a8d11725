import type { DateRange } from '../dates/date-range.ts';
import { columnsOf, tablesOf } from '../link/mention.ts';
import { type Condition, type Expression, type Instance, instancesOf, isAggregate } from '../logical-form.ts';
import type { Modifier } from '../parse/question-tree.ts';
import type { TableEntry } from '../schema-index/entries.ts';
import { CannotRead } from './cannot-read.ts';
import { type DateColumn, dateForm, eventDate, saidBy } from './event-date.ts';
import { filterThrough, semiJoin } from './filter-through.ts';
import { describeColumn } from './resolve-column.ts';
import { measuredInstance } from './resolve-measure.ts';
import { followSteps, pathHints, pathTo, type Scope } from './scope.ts';

type DateModifier = Extract<Modifier, { kind: 'date' }>;

/** "last month", "in 2014 or 2015", "since May": on the column that says when what is spoken of happened. */
export function applyDate(scope: Scope, modifier: DateModifier): void {
  const event = eventTable(scope, modifier);
  if (event !== null) {
    onEvent(scope, event, modifier);
    return;
  }
  const inside = spokenOf(scope, modifier);
  const counted = countedIn(scope, modifier);
  if (counted !== null) onOwnDate(counted, modifier);
  else if (inside !== null) applyDate(inside, modifier);
  else if (scope.parent !== null && isOfParent(scope, modifier)) applyDate(scope.parent, modifier);
  else onOwnDate(scope, modifier);
}

function onEvent(scope: Scope, event: TableEntry, modifier: DateModifier): void {
  const steps = pathTo(scope, event);
  const named = { ...modifier, hints: { ...modifier.hints, mentions: [] } };
  if (steps.every(({ forward }) => forward)) {
    applyDate({ ...scope, instance: followSteps(scope, steps), parent: null }, named);
    return;
  }
  semiJoin(scope, steps, { negated: modifier.negated, apart: false }, (inner) =>
    applyDate({ ...inner, parent: null }, { ...named, negated: false }),
  );
}

function onOwnDate(scope: Scope, modifier: DateModifier): void {
  const { ranges, negated, hints } = modifier;
  if (hints.words.includes('both') && ranges.length > 1) {
    const words = hints.words.filter((word) => word !== 'both');
    for (const range of ranges) applyDate(scope, { ...modifier, ranges: [range], hints: { ...hints, words } });
    return;
  }
  const { column, form } = dateColumn(scope, modifier);
  const labels = ranges.map(({ label }) => label).join(', ');
  if (form === 'date') scope.reading.assumptions.add(`“${labels}” is read of ${describeColumn(column)}.`);
  filterThrough(scope, column.table, pathHints({ ...hints, words: [] }), negated, (instance, not) =>
    dated(instance, { column, form }, ranges, not),
  );
}

/** "products ordered last month": the verb names the table whose date is meant. */
function eventTable(scope: Scope, { hints }: DateModifier): TableEntry | null {
  const own = scope.instance.table.columns.some((column) => dateForm(column) !== null && saidBy(column, hints.words));
  if (own) return null;
  for (const mention of hints.mentions) {
    const table = tablesOf(mention).find(({ quality }) => quality >= 0.8)?.table;
    if (
      table !== undefined &&
      table !== scope.instance.table &&
      table.columns.some((column) => dateForm(column) === 'date')
    )
      return table;
  }
  return null;
}

/** "top 5 customers by revenue in 2025": the year is that of the revenue, and not of the customers. */
function countedIn(scope: Scope, { hints }: DateModifier): Scope | null {
  const { select, instance } = scope;
  if (instance.table.columns.some((column) => dateForm(column) !== null && saidBy(column, hints.words))) return null;
  const ranked = select.orderBy.filter(({ by }) => isAggregate(by)).map(({ by }) => measuredInstance(by));
  const [counted] = ranked.filter((one) => one !== null && one !== instance);
  const holdsGroup = select.outputs.some((output) => output.kind === 'column' && output.instance === instance);
  if (counted === undefined || counted === null || !holdsGroup) return null;
  return { ...scope, instance: counted, parent: null };
}

/** "customers who bought X in 2025": the year is of the buying, which was spoken of last. */
function spokenOf({ reading, select, instance }: Scope, { hints }: DateModifier): Scope | null {
  const last = reading.semiJoins.findLast((join) => join.outside === select && !join.joint);
  if (last === undefined || hints.words.includes('and')) return null;
  const own = instance.table.columns.some((column) => dateForm(column) !== null && saidBy(column, hints.words));
  const dated = instancesOf(last.inside.select).find(({ table }) =>
    table.columns.some((column) => dateForm(column) === 'date'),
  );
  return own || dated === undefined ? null : { ...last.inside, instance: dated, parent: null };
}

/** "orders of customers from Berlin in 2025": the year is the orders', since an order is what happens, and a customer only is. */
function isOfParent({ instance, parent, select }: Scope, { hints }: DateModifier): boolean {
  if (parent === null || parent.select !== select || parent.instance === instance) return false;
  const own = instance.table.columns.some((column) => dateForm(column) !== null && saidBy(column, hints.words));
  const holds = select.joins.some(({ from, to, forward }) => forward && from === parent.instance && to === instance);
  return holds && !own && parent.instance.table.columns.some((column) => dateForm(column) === 'date');
}

/** On the noun's own table; else on a table it belongs to: an order's date for its items. */
export function dateColumn(scope: Scope, { hints, ranges }: Pick<DateModifier, 'hints' | 'ranges'>): DateColumn {
  const named = hints.mentions
    .flatMap((mention) => columnsOf(mention).map(({ column }) => column))
    .filter((column) => dateForm(column) !== null);
  const wholeYears = ranges.every(isWholeYears);
  const own = named.find(({ table }) => table === scope.instance.table);
  const ownForm = own === undefined ? null : dateForm(own);
  if (own !== undefined && ownForm !== null && (ownForm === 'date' || wholeYears))
    return { column: own, form: ownForm };
  let table: TableEntry | undefined = scope.instance.table;
  const seen = new Set<TableEntry>();
  while (table !== undefined && !seen.has(table)) {
    seen.add(table);
    if (table.columns.some((column) => dateForm(column) === 'date' || (wholeYears && dateForm(column) === 'year'))) {
      return eventDate(table, hints.words, wholeYears, named);
    }
    const parents: TableEntry[] = (scope.reading.index.edges.get(table) ?? [])
      .filter(({ from, to }) => from === table && to !== table)
      .map(({ to }) => to);
    const dated = parents.filter((parent) => parent.columns.some((column) => dateForm(column) === 'date'));
    const own: TableEntry = table;
    const header = dated.filter(({ words }) => words.every((word) => own.words.includes(word)));
    table = dated.length === 1 ? dated[0] : header.length === 1 ? header[0] : undefined;
  }
  throw new CannotRead(`${scope.instance.table.table.name} has no date`);
}

const isWholeYears = ({ from, to }: DateRange): boolean =>
  [from, to].every((day) => day === null || day.endsWith('-01-01'));

function dated(
  instance: Instance,
  { column, form }: DateColumn,
  ranges: readonly DateRange[],
  negated: boolean,
): Condition {
  const left: Expression = { kind: 'column', instance, column };
  const options = ranges.map((range) =>
    form === 'year' ? yearCondition(left, range, negated) : rangeCondition(left, range, negated),
  );
  const [only] = options;
  if (only !== undefined && options.length === 1) return only;
  const years = ranges.map(({ from }) => Number(from?.slice(0, 4)));
  if (form === 'year' && ranges.every(isOneYear)) {
    return {
      kind: 'among',
      left,
      values: years.map((number) => ({ kind: 'number', number, text: String(number) })),
      negated,
    };
  }
  if (negated) throw new CannotRead('a negated list of dates');
  return { kind: 'or', options: options.map((option) => [option]) };
}

const rangeCondition = (left: Expression, { from, to }: DateRange, negated: boolean): Condition => ({
  kind: 'range',
  left,
  from,
  to,
  negated,
});

const isOneYear = ({ from, to }: DateRange): boolean =>
  from !== null && to !== null && Number(to.slice(0, 4)) === Number(from.slice(0, 4)) + 1;

/** A column that holds the year alone is compared with years. */
function yearCondition(left: Expression, range: DateRange, negated: boolean): Condition {
  const first = range.from === null ? null : Number(range.from.slice(0, 4));
  const next = range.to === null ? null : Number(range.to.slice(0, 4));
  const number = (value: number): { kind: 'number'; number: number; text: string } => ({
    kind: 'number',
    number: value,
    text: String(value),
  });
  if (first !== null && next !== null) {
    if (next === first + 1) return { kind: 'compare', left, operator: negated ? '!=' : '=', right: number(first) };
    return { kind: 'between', left, low: number(first), high: number(next - 1), negated };
  }
  if (first !== null) return { kind: 'compare', left, operator: negated ? '<' : '>=', right: number(first) };
  if (next !== null) return { kind: 'compare', left, operator: negated ? '>=' : '<', right: number(next) };
  throw new CannotRead('a date without an end');
}
