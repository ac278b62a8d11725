import type { PathHints, Step } from '../join-paths.ts';
import { directionOf } from '../lexicon/directions.ts';
import {
  type Condition,
  type Expression,
  type Instance,
  instancesOf,
  isAggregate,
  type Literal,
  newSelect,
  type Select,
} from '../logical-form.ts';
import type { ColumnEntry, Edge, TableEntry } from '../schema-index/entries.ts';
import { CannotRead } from './cannot-read.ts';
import { refuseContradictions } from './finish-select.ts';
import { reachedFrom } from './reached-from.ts';
import { followSteps, pathTo, type Scope, type SemiJoin } from './scope.ts';
import { refuseUnprovenVerb } from './verb-evidence.ts';

/** A condition on one column, made once it is known of which instance. */
export type ConditionOn = (instance: Instance, negated: boolean) => Condition;

export function columnFilter(column: ColumnEntry, values: readonly Literal[]): ConditionOn {
  return (instance, not) => {
    const left: Expression = { kind: 'column', instance, column };
    const [only, ...more] = values;
    if (only !== undefined && more.length === 0)
      return { kind: 'compare', left, operator: not ? '!=' : '=', right: only };
    return { kind: 'among', left, values, negated: not };
  };
}

/**
 * Puts a condition on rows of another table. Along keys that lead to one row it is a join; where
 * there may be many rows it is "among those that have one", or with `negated` "that have none".
 */
export function filterThrough(
  scope: Scope,
  to: TableEntry,
  hints: PathHints,
  negated: boolean,
  condition: ConditionOn,
): void {
  const owner = ownerOf(scope, to);
  if (owner !== null) {
    filterThrough(owner, to, hints, negated, condition);
    return;
  }
  const known = instancesOf(scope.select).find((instance) => instance.table === to);
  if (
    known !== undefined &&
    (scope.instance.table === to || (hints.words.every((word) => directionOf(word) === null) && !negated))
  ) {
    const instance = scope.instance.table === to ? scope.instance : known;
    if (negated) refuseNegatedMany(scope.select, instance);
    scope.select.where.push(condition(instance, negated));
    return;
  }
  const steps = pathTo(scope, to, hints);
  if (steps.length > 0) refuseUnprovenVerb(hints.words, { from: scope.instance.table, steps, column: null });
  if (steps.every(({ forward }) => forward) || isJoined(scope, steps)) {
    const instance = followSteps(scope, steps);
    if (negated) refuseNegatedMany(scope.select, instance);
    scope.select.where.push(condition(instance, negated));
    return;
  }
  semiJoin(
    scope,
    steps,
    { negated, apart: hints.words.includes('and'), joint: hints.words.includes('all of') },
    (inner) => inner.select.where.push(condition(inner.instance, false)),
  );
}

/** "characteristics of the product X that have the type Y": said of the noun around, whose property it is. */
function ownerOf(scope: Scope, table: TableEntry): Scope | null {
  if (scope.instance.table === table) return null;
  for (let around = scope.parent; around !== null; around = around.parent) {
    if (around.select !== scope.select && around.instance.table === table) return around;
  }
  return null;
}

/** "programs never broadcast in the morning": of a program with many broadcasts, one that is not in the morning proves nothing. */
function refuseNegatedMany(select: Select, instance: Instance): void {
  for (const output of select.outputs) {
    if (output.kind === 'column' && !reachedFrom(select, output.instance).has(instance)) {
      throw new CannotRead('a “not” of one among many');
    }
  }
}

/** The path is joined in already, for what is asked or counted. */
function isJoined(scope: Scope, steps: readonly Step[]): boolean {
  let at = scope.instance;
  for (const { edge } of steps) {
    const from = at;
    const join = scope.select.joins.find((known) => known.edge === edge && (known.from === from || known.to === from));
    if (join === undefined) return false;
    at = join.from === from ? join.to : join.from;
  }
  return true;
}

/**
 * `key IN (SELECT foreign key FROM … WHERE …)`; `fill` adds what is said of the rows inside. What
 * is said one after the other is said of the same rows ("who bought X in May"); with `apart` of
 * rows of their own ("who bought X and bought Y").
 */
export function semiJoin(
  scope: Scope,
  steps: readonly Step[],
  { negated, apart, joint = false }: SemiJoinOptions,
  fill: (inner: Scope) => void,
): Select | null {
  const at = steps.findIndex(({ forward }) => !forward);
  const step = steps[at];
  const [fromColumn] = step?.edge.fromColumns ?? [];
  const [toColumn] = step?.edge.toColumns ?? [];
  if (step === undefined || fromColumn === undefined || toColumn === undefined) return null;
  const counted = !negated && !apart && scope.select.outputs.some(isAggregate);
  if (counted && isJoined(scope, steps.slice(0, at + 1))) {
    // "the quantity of products bought by X": of the very rows that are summed.
    fill({ ...scope, instance: followSteps(scope, steps), parent: scope });
    return null;
  }
  const outer = followSteps(scope, steps.slice(0, at));
  const rest = steps.slice(at + 1);
  const known = knownJoins(scope, outer, step.edge);
  if (known.length > 0 && !apart) {
    for (const { inside } of known) {
      fill({ ...inside, instance: followSteps(inside, rest) });
      refuseContradictions(inside.select.where);
      if (negated) negate(scope.select, inside.select);
    }
    return known[0]?.inside.select ?? null;
  }
  const select = newSelect(step.edge.from);
  const inside: Scope = { ...scope, select, instance: select.root, parent: scope };
  select.outputs.push({ kind: 'column', instance: select.root, column: fromColumn });
  if (!negated) scope.reading.semiJoins.push({ outside: scope.select, outer, edge: step.edge, inside, joint });
  fill({ ...inside, instance: followSteps(inside, rest) });
  refuseContradictions(select.where);
  if (negated && fromColumn.column.nullable && !fromColumn.isKey) select.where.push(notNull(select.root, fromColumn));
  const left = { kind: 'column', instance: outer, column: toColumn } as const;
  scope.select.where.push({ kind: 'in-select', left, select, negated });
  return select;
}

export interface SemiJoinOptions {
  readonly negated: boolean;
  /** Of rows of their own, not of those spoken of before. */
  readonly apart: boolean;
  /** One of several alike ("both English and French"); what follows is said of each. */
  readonly joint?: boolean;
}

/** The latest rows spoken of along this key, or all of those that were named together. */
function knownJoins({ reading, select }: Scope, outer: Instance, edge: Edge): readonly SemiJoin[] {
  const known = reading.semiJoins.filter(
    (join) => join.outside === select && join.outer === outer && join.edge === edge,
  );
  const last = known.at(-1);
  if (last === undefined) return [];
  return last.joint ? known.filter(({ joint }) => joint) : [last];
}

/** "where English is not the official language": no such row, rather than one that is not. */
function negate(outside: Select, inside: Select): void {
  const at = outside.where.findIndex((condition) => condition.kind === 'in-select' && condition.select === inside);
  const condition = outside.where[at];
  if (condition?.kind !== 'in-select' || condition.negated) throw new CannotRead('a “not” of a “not”');
  outside.where[at] = { ...condition, negated: true };
  const [key] = inside.outputs;
  if (key?.kind === 'column' && key.column.column.nullable && !key.column.isKey)
    inside.where.push(notNull(key.instance, key.column));
}

const notNull = (instance: Instance, column: ColumnEntry): Condition => ({
  kind: 'null',
  left: { kind: 'column', instance, column },
  negated: true,
});

/** Said of the property that is asked for, not of single rows: "countries that have …", among the countries of such rows. */
export function amongProperty(scope: Scope, fill: (inner: Scope) => void, negated: boolean): void {
  const [output] = scope.reading.select.outputs;
  if (output?.kind !== 'column') throw new CannotRead('no property to compare by');
  const select = newSelect(output.instance.table);
  const column = { kind: 'column', instance: select.root, column: output.column } as const;
  select.outputs.push(column);
  fill({ ...scope, select, instance: select.root, parent: null });
  refuseContradictions(select.where);
  if (negated && output.column.column.nullable) select.where.push(notNull(select.root, output.column));
  scope.reading.select.where.push({ kind: 'in-select', left: output, select, negated });
}
