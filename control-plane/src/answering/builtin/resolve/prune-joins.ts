import type { Expression, Instance, Select } from '../logical-form.ts';

/** A joined table that is on the "one" side and that nothing reads changes no row: it goes. */
export function pruneJoins(select: Select): void {
  for (;;) {
    const used = usedInstances(select);
    const leaf = select.joins.findIndex(
      ({ to, forward }) => forward && !used.has(to) && !select.joins.some(({ from }) => from === to),
    );
    if (leaf >= 0) {
      select.joins.splice(leaf, 1);
      continue;
    }
    if (!reroot(select, used)) return;
  }
}

/** The first table is only a way to the others: begin with the next one. */
function reroot(select: Select, used: ReadonlySet<unknown>): boolean {
  const fromRoot = select.joins.filter(({ from }) => from === select.root);
  const [only] = fromRoot;
  if (used.has(select.root) || only === undefined || fromRoot.length > 1 || only.forward) return false;
  select.joins.splice(select.joins.indexOf(only), 1);
  select.root = only.to;
  return true;
}

export function usedInstances(select: Select): Set<unknown> {
  const used = new Set<unknown>();
  const visit = (expression: Expression): void => {
    switch (expression.kind) {
      case 'column':
        used.add(expression.instance);
        return;
      case 'count':
        if (expression.distinct !== null) visit(expression.distinct);
        else if (!isBridged(select, expression.of)) used.add(expression.of);
        return;
      case 'aggregate':
      case 'date-unit':
        visit(expression.of);
        return;
      case 'product':
        expression.factors.forEach(visit);
        if (expression.discount !== null) visit(expression.discount);
        return;
      case 'ratio':
        visit(expression.above);
        visit(expression.below);
        return;
      default:
        expression satisfies never;
    }
  };
  for (const expression of [...select.outputs, ...select.groupBy, ...select.orderBy.map(({ by }) => by)])
    visit(expression);
  for (const condition of [...select.where, ...select.having]) visitCondition(condition, visit);
  return used;
}

/** Counted through a table that does nothing but connect: its rows are as good. */
function isBridged({ joins }: Select, instance: Instance): boolean {
  const bridges = joins.filter(({ from, to, forward }) => (forward ? to === instance : from === instance));
  return bridges.length === 1 && bridges.every(({ from, to, forward }) => (forward ? from : to).table.junction);
}

function visitCondition(condition: Select['where'][number], visit: (expression: Expression) => void): void {
  if (condition.kind === 'or') {
    for (const option of condition.options) for (const inner of option) visitCondition(inner, visit);
    return;
  }
  visit(condition.left);
  if (condition.kind === 'compare-columns') visit(condition.right);
}
