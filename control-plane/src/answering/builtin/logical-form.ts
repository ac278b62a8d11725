import type { ColumnEntry, Edge, TableEntry } from './schema-index/entries.ts';

/** What a question means on a schema: one SELECT, ready to be written in any dialect. */
export interface Select {
  readonly outputs: Expression[];
  distinct: boolean;
  root: Instance;
  readonly joins: Join[];
  readonly where: Condition[];
  readonly groupBy: Expression[];
  readonly having: Condition[];
  readonly orderBy: OrderKey[];
  limit: number | null;
}

/** One use of a table in a SELECT. */
export interface Instance {
  readonly table: TableEntry;
}

/** `to` is reached from `from` along a key. `forward`: `from` holds the foreign key, so there is one row of `to` at most. */
export interface Join {
  readonly from: Instance;
  readonly to: Instance;
  readonly edge: Edge;
  readonly forward: boolean;
}

export type DateUnit = 'day' | 'week' | 'month' | 'quarter' | 'year';

export type Expression =
  | { readonly kind: 'column'; readonly instance: Instance; readonly column: ColumnEntry }
  /** `distinct` null: COUNT(*), rows of `of`. */
  | { readonly kind: 'count'; readonly of: Instance; readonly distinct: Expression | null }
  | { readonly kind: 'aggregate'; readonly name: 'sum' | 'avg' | 'min' | 'max'; readonly of: Expression }
  | { readonly kind: 'product'; readonly factors: readonly Expression[]; readonly discount: Expression | null }
  | { readonly kind: 'ratio'; readonly above: Expression; readonly below: Expression }
  | { readonly kind: 'date-unit'; readonly unit: DateUnit; readonly of: Expression };

export type Literal =
  | { readonly kind: 'number'; readonly number: number; readonly text: string }
  | { readonly kind: 'text'; readonly text: string };

export type CompareOperator = '=' | '!=' | '>' | '<' | '>=' | '<=';

export type Condition =
  | { readonly kind: 'compare'; readonly left: Expression; readonly operator: CompareOperator; readonly right: Literal }
  | {
      readonly kind: 'compare-select';
      readonly left: Expression;
      readonly operator: CompareOperator;
      readonly right: Select;
    }
  | {
      readonly kind: 'compare-columns';
      readonly left: Expression;
      readonly operator: CompareOperator;
      readonly right: Expression;
    }
  | {
      readonly kind: 'among';
      readonly left: Expression;
      readonly values: readonly Literal[];
      readonly negated: boolean;
    }
  | {
      readonly kind: 'between';
      readonly left: Expression;
      readonly low: Literal;
      readonly high: Literal;
      readonly negated: boolean;
    }
  | {
      readonly kind: 'range';
      readonly left: Expression;
      readonly from: string | null;
      readonly to: string | null;
      readonly negated: boolean;
    }
  | { readonly kind: 'like'; readonly left: Expression; readonly pattern: string; readonly negated: boolean }
  | { readonly kind: 'in-select'; readonly left: Expression; readonly select: Select; readonly negated: boolean }
  | { readonly kind: 'null'; readonly left: Expression; readonly negated: boolean }
  | { readonly kind: 'or'; readonly options: readonly (readonly Condition[])[] };

export interface OrderKey {
  readonly by: Expression;
  readonly direction: 'asc' | 'desc';
}

export function newSelect(table: TableEntry): Select {
  return {
    outputs: [],
    distinct: false,
    root: { table },
    joins: [],
    where: [],
    groupBy: [],
    having: [],
    orderBy: [],
    limit: null,
  };
}

export const instancesOf = (select: Select): Instance[] => [select.root, ...select.joins.map(({ to }) => to)];

export const isAggregate = (expression: Expression): boolean =>
  expression.kind === 'count' || expression.kind === 'aggregate' || expression.kind === 'ratio';
