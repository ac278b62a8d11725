import type { DateUnit, Expression } from '../logical-form.ts';
import { CannotWrite } from './cannot-write.ts';
import type { Json } from './document-paths.ts';

type PathOf = (expression: Expression) => string;

/** A value of one document, as an aggregation expression. */
export function documentValue(expression: Expression, pathOf: PathOf): Json {
  switch (expression.kind) {
    case 'column':
      return `$${pathOf(expression)}`;
    case 'product': {
      const factors = expression.factors.map((factor) => documentValue(factor, pathOf));
      if (expression.discount === null) return { $multiply: factors };
      return { $multiply: [...factors, { $subtract: [1, documentValue(expression.discount, pathOf)] }] };
    }
    case 'date-unit':
      return period(expression.unit, dateOf(expression.of, pathOf));
    case 'count':
    case 'aggregate':
    case 'ratio':
      throw new CannotWrite('a figure of many documents where one is meant');
    default:
      return expression satisfies never;
  }
}

function dateOf(expression: Expression, pathOf: PathOf): Json {
  const path = `$${pathOf(expression)}`;
  const text = expression.kind === 'column' && expression.column.column.kind === 'text';
  return text ? { $dateFromString: { dateString: path } } : path;
}

function period(unit: DateUnit, date: Json): Json {
  const formats = { day: '%Y-%m-%d', week: '%G-W%V', month: '%Y-%m', year: '%Y' } as const;
  if (unit !== 'quarter') return { $dateToString: { format: formats[unit], date } };
  const quarter = { $toString: { $toInt: { $ceil: { $divide: [{ $month: date }, 3] } } } };
  return { $concat: [{ $dateToString: { format: '%Y', date } }, '-Q', quarter] };
}

/** A figure of the documents of a group: what is gathered, and what is made of it once all are. */
export interface Figure {
  readonly gathered: Readonly<Record<string, Json>>;
  readonly result: Json;
}

export function figureOf(expression: Expression, name: string, pathOf: PathOf): Figure {
  switch (expression.kind) {
    case 'count': {
      if (expression.distinct === null) return { gathered: { [name]: { $sum: 1 } }, result: `$${name}` };
      const values = { $addToSet: documentValue(expression.distinct, pathOf) };
      return { gathered: { [name]: values }, result: { $size: { $setDifference: [`$${name}`, [null]] } } };
    }
    case 'aggregate':
      return {
        gathered: { [name]: { [`$${expression.name}`]: documentValue(expression.of, pathOf) } },
        result: `$${name}`,
      };
    case 'ratio': {
      const above = figureOf(expression.above, `${name}_above`, pathOf);
      const below = figureOf(expression.below, `${name}_below`, pathOf);
      return {
        gathered: { ...above.gathered, ...below.gathered },
        result: { $divide: [above.result, below.result] },
      };
    }
    case 'column':
    case 'product':
    case 'date-unit':
      throw new CannotWrite('a value of one document where a figure is meant');
    default:
      return expression satisfies never;
  }
}
