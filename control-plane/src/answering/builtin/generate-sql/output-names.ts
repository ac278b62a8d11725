import { type Expression, instancesOf, type Select } from '../logical-form.ts';
import type { TableEntry } from '../schema-index/entries.ts';
import { splitIdentifier } from '../text/split-identifier.ts';
import { singular } from '../text/stem.ts';

/**
 * A name for each output that is computed: `order_count`, `total_amount`, `month`. Null for columns, which
 * have their own, and where a name would be that of another output or of a column in reach, which
 * GROUP BY and ORDER BY might then mean instead.
 */
export function outputNames(select: Select): readonly (string | null)[] {
  const names = select.outputs.map(nameOf);
  const columns = instancesOf(select).flatMap(({ table }) => table.table.columns);
  const taken = new Set(columns.map(({ name }) => name.toLowerCase()));
  return names.map((name) => {
    const once = names.indexOf(name) === names.lastIndexOf(name);
    return name !== null && once && !taken.has(name) ? name : null;
  });
}

const AGGREGATES = { sum: 'total', avg: 'average', min: 'minimum', max: 'maximum' } as const;

function nameOf(expression: Expression): string | null {
  switch (expression.kind) {
    case 'count': {
      const { of, distinct } = expression;
      return `${distinct?.kind === 'column' ? countedName(distinct) : singularName(of.table)}_count`;
    }
    case 'aggregate': {
      const subject = subjectOf(expression.of);
      const prefix = expression.name === 'sum' && subject?.includes('total') ? 'sum' : AGGREGATES[expression.name];
      return subject === null ? null : `${prefix}_${subject}`;
    }
    case 'date-unit':
      return expression.unit;
    case 'column':
    case 'product':
    case 'ratio':
      return null;
    default:
      return expression satisfies never;
  }
}

/** What is measured, in a word or a few; a product of columns has no name but what it comes to. */
function subjectOf(expression: Expression): string | null {
  if (expression.kind === 'product') return 'amount';
  return expression.kind === 'column' ? splitIdentifier(expression.column.column.name).join('_') : null;
}

/** customer_id → customer, and id → the table's; any other column has a name of its own. */
function countedName({ instance, column }: Extract<Expression, { kind: 'column' }>): string {
  const words = splitIdentifier(column.column.name);
  if (words.at(-1) === 'id') words.pop();
  return words.length === 0 ? singularName(instance.table) : words.join('_');
}

/** order_items → order_item */
function singularName({ table: { name } }: TableEntry): string {
  const words = splitIdentifier(name);
  const last = words.pop() ?? name;
  return [...words, singular(last)].join('_');
}
