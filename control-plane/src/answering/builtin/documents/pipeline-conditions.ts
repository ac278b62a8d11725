import type { CompareOperator, Condition, Expression } from '../logical-form.ts';
import { CannotWrite } from './cannot-write.ts';
import type { Json } from './document-paths.ts';
import { jsonDay, jsonLiteral, likePattern } from './pipeline-literals.ts';

type PathOf = (expression: Expression) => string;
type Filter = { readonly [key: string]: Json };

export const OPERATORS: Readonly<Record<CompareOperator, string>> = {
  '=': '$eq',
  '!=': '$ne',
  '>': '$gt',
  '<': '$lt',
  '>=': '$gte',
  '<=': '$lte',
};

/** Conditions that need no other documents, as one filter of $match. A field that is not there meets none but "is null". */
export function filterOf(conditions: readonly Condition[], pathOf: PathOf): Filter {
  const filters = conditions.map((condition) => filter(condition, pathOf));
  const keys = filters.flatMap((one) => Object.keys(one));
  if (new Set(keys).size < keys.length) return { $and: filters };
  return Object.assign({}, ...filters) as Filter;
}

function filter(condition: Condition, pathOf: PathOf): Filter {
  switch (condition.kind) {
    case 'compare': {
      const { left, operator, right } = condition;
      const value = jsonLiteral(right, left);
      if (operator === '=') return { [pathOf(left)]: value };
      return { [pathOf(left)]: operator === '!=' ? { $nin: [value, null] } : { [OPERATORS[operator]]: value } };
    }
    case 'among': {
      const values = condition.values.map((value) => jsonLiteral(value, condition.left));
      return { [pathOf(condition.left)]: condition.negated ? { $nin: [...values, null] } : { $in: values } };
    }
    case 'between': {
      const [low, high] = [condition.low, condition.high].map((end) => jsonLiteral(end, condition.left));
      return within(pathOf(condition.left), { $gte: low ?? null }, { $lte: high ?? null }, condition.negated);
    }
    case 'range':
      return range(condition, pathOf(condition.left));
    case 'like': {
      const matched = { $regex: likePattern(condition.pattern), $options: 'i' };
      return { [pathOf(condition.left)]: condition.negated ? { $not: matched, $ne: null } : matched };
    }
    case 'null':
      return { [pathOf(condition.left)]: condition.negated ? { $ne: null } : null };
    case 'or':
      return { $or: condition.options.map((option) => filterOf(option, pathOf)) };
    case 'compare-columns':
      return {
        $expr: { [OPERATORS[condition.operator]]: [`$${pathOf(condition.left)}`, `$${pathOf(condition.right)}`] },
      };
    case 'in-select':
    case 'compare-select':
      throw new CannotWrite('a condition on other documents within “or”');
    default:
      return condition satisfies never;
  }
}

function range({ left, from, to, negated }: Extract<Condition, { kind: 'range' }>, path: string): Filter {
  const low: Filter = from === null ? {} : { $gte: jsonDay(from, left) };
  const high: Filter = to === null ? {} : { $lt: jsonDay(to, left) };
  return within(path, low, high, negated);
}

function within(path: string, low: Filter, high: Filter, negated: boolean): Filter {
  if (!negated) return { [path]: { ...low, ...high } };
  const outside = { $gte: '$lt', $lte: '$gt', $lt: '$gte' } as const;
  const sides = Object.entries({ ...low, ...high }).map(([operator, value]) => ({
    [path]: { [outside[operator as keyof typeof outside]]: value },
  }));
  return { $or: sides };
}
