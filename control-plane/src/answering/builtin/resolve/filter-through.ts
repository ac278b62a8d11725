import type { PathHints, Step } from '../join-paths.ts';
import {
  type Condition,
  type Expression,
  type Instance,
  instancesOf,
  type Literal,
  newSelect,
  type Select,
} from '../logical-form.ts';
import type { ColumnEntry, TableEntry } from '../schema-index/entries.ts';
import { followSteps, pathTo, type Scope } from './scope.ts';

/** A condition on one column, made once it is known of which instance. */
export type ConditionOn = (instance: Instance, negated: boolean) => Condition;

export function columnFilter(column: ColumnEntry, values: readonly Literal[], negated: boolean): ConditionOn {
  void negated;
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
  const known = instancesOf(scope.select).find((instance) => instance.table === to);
  if (known !== undefined && (scope.instance.table === to || (hints.words.length === 0 && !negated))) {
    scope.select.where.push(condition(scope.instance.table === to ? scope.instance : known, negated));
    return;
  }
  const steps = pathTo(scope, to, hints);
  if (steps.every(({ forward }) => forward) || isJoined(scope, steps)) {
    scope.select.where.push(condition(followSteps(scope, steps), negated));
    return;
  }
  semiJoin(scope, steps, negated, (inner) => inner.select.where.push(condition(inner.instance, false)));
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

/** `key IN (SELECT foreign key FROM … WHERE …)`; `fill` adds what is said of the rows inside. */
export function semiJoin(
  scope: Scope,
  steps: readonly Step[],
  negated: boolean,
  fill: (inner: Scope) => void,
): Select | null {
  const at = steps.findIndex(({ forward }) => !forward);
  const step = steps[at];
  const [fromColumn] = step?.edge.fromColumns ?? [];
  const [toColumn] = step?.edge.toColumns ?? [];
  if (step === undefined || fromColumn === undefined || toColumn === undefined) return null;
  const outer = followSteps(scope, steps.slice(0, at));
  const select = newSelect(step.edge.from);
  const inside = { ...scope, select, instance: select.root, parent: scope };
  select.outputs.push({ kind: 'column', instance: select.root, column: fromColumn });
  const rest = steps.slice(at + 1);
  fill({ ...inside, instance: followSteps(inside, rest) });
  if (negated && fromColumn.column.nullable && !fromColumn.isKey) {
    select.where.push({
      kind: 'null',
      left: { kind: 'column', instance: select.root, column: fromColumn },
      negated: true,
    });
  }
  scope.select.where.push({
    kind: 'in-select',
    left: { kind: 'column', instance: outer, column: toColumn },
    select,
    negated,
  });
  return select;
}
