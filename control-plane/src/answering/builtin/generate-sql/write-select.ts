import type { DatabaseSchema } from '#core/schema.ts';
import {
  type Condition,
  type Expression,
  type Instance,
  instancesOf,
  type Join,
  type OrderKey,
  type Select,
} from '../logical-form.ts';
import type { SqlDialect } from './dialect-table.ts';
import { outputNames } from './output-names.ts';
import { RESERVED_WORDS } from './reserved-words.ts';
import { isNumeric, joinCondition, literal } from './write-literal.ts';

export interface WriteContext {
  readonly dialect: SqlDialect;
  readonly schema: DatabaseSchema;
}

/** The statement, one clause a line, sub-selects inline. */
export function writeSelect(select: Select, context: WriteContext): string {
  return new SelectWriter(select, context).lines(outputNames(select)).join('\n');
}

class SelectWriter {
  private readonly select: Select;
  private readonly context: WriteContext;
  private readonly names: ReadonlyMap<Instance, string>;
  private readonly alone: boolean;

  constructor(select: Select, context: WriteContext) {
    this.select = select;
    this.context = context;
    const instances = instancesOf(select);
    this.alone = instances.length === 1;
    this.names = nameInstances(instances, (name) => this.identifier(name));
  }

  /** `outputNames`: what the outputs are called, where that is not left to the database. */
  lines(outputNames: readonly (string | null)[] = []): string[] {
    const { select } = this;
    const outputs = select.outputs.map((output, at) => this.output(output, outputNames[at] ?? null)).join(', ');
    const lines = [`SELECT ${select.distinct ? 'DISTINCT ' : ''}${outputs}`, `FROM ${this.source(select.root)}`];
    lines.push(...select.joins.map((join) => this.join(join)));
    if (select.where.length > 0) lines.push(`WHERE ${this.conjunction(select.where)}`);
    if (select.groupBy.length > 0)
      lines.push(`GROUP BY ${select.groupBy.map((key) => this.expression(key)).join(', ')}`);
    if (select.having.length > 0) lines.push(`HAVING ${this.conjunction(select.having)}`);
    if (select.orderBy.length > 0) lines.push(`ORDER BY ${select.orderBy.map((key) => this.orderKey(key)).join(', ')}`);
    if (select.limit !== null) lines.push(`LIMIT ${select.limit}`);
    return lines;
  }

  private output(expression: Expression, name: string | null): string {
    const text = this.expression(expression);
    return name === null ? text : `${text} AS ${this.identifier(name)}`;
  }

  private identifier(name: string): string {
    const { plainIdentifier, quote } = this.context.dialect;
    return plainIdentifier.test(name) && !RESERVED_WORDS.has(name.toLowerCase()) ? name : quote(name);
  }

  private source(instance: Instance): string {
    const { schema, name } = instance.table.table;
    const qualified = schema !== null && !this.context.schema.defaultSchemas.includes(schema);
    const full = `${qualified ? `${this.identifier(schema)}.` : ''}${this.identifier(name)}`;
    const alias = this.names.get(instance);
    return alias === undefined || alias === this.identifier(name) ? full : `${full} AS ${alias}`;
  }

  private join({ from, to, edge, forward }: Join): string {
    const pairs = edge.fromColumns.map((column, at) => {
      const other = edge.toColumns[at] ?? column;
      const [near, far] = forward ? [column, other] : [other, column];
      const left = { kind: 'column', instance: from, column: near } as const;
      const right = { kind: 'column', instance: to, column: far } as const;
      return joinCondition(this.expression(left), near, this.expression(right), far, this.context.dialect);
    });
    return `JOIN ${this.source(to)} ON ${pairs.join(' AND ')}`;
  }

  private expression(expression: Expression): string {
    switch (expression.kind) {
      case 'column': {
        const name = this.identifier(expression.column.column.name);
        return this.alone ? name : `${this.names.get(expression.instance)}.${name}`;
      }
      case 'count':
        return expression.distinct === null ? 'COUNT(*)' : `COUNT(DISTINCT ${this.expression(expression.distinct)})`;
      case 'aggregate':
        return `${expression.name.toUpperCase()}(${this.measured(expression.of, expression.name)})`;
      case 'product': {
        const factors = expression.factors.map((factor) => this.expression(factor)).join(' * ');
        return expression.discount === null ? factors : `${factors} * (1 - ${this.expression(expression.discount)})`;
      }
      case 'ratio':
        return `${this.expression(expression.above)} * 1.0 / ${this.expression(expression.below)}`;
      case 'date-unit':
        return this.context.dialect.dateUnit[expression.unit](this.expression(expression.of));
      default:
        return expression satisfies never;
    }
  }

  /** Sums and averages of text are of the numbers it holds. */
  private measured(expression: Expression, name: string): string {
    const text = this.expression(expression);
    const number = name === 'sum' || name === 'avg';
    return number && expression.kind === 'column' && expression.column.column.kind === 'text'
      ? `CAST(${text} AS ${this.context.dialect.numberType})`
      : text;
  }

  private orderKey({ by, direction }: OrderKey): string {
    const { nullsSort, hasNullsLast } = this.context.dialect;
    const nullable = by.kind === 'column' && by.column.column.nullable && !by.column.isKey;
    const nullsLead = (direction === 'asc') === (nullsSort === 'first');
    const mustSay = nullable && nullsLead && this.select.limit !== null;
    const key = `${this.expression(by)}${direction === 'desc' ? ' DESC' : ''}`;
    if (!mustSay) return key;
    return hasNullsLast ? `${key} NULLS LAST` : `${this.expression(by)} IS NULL, ${key}`;
  }

  private conjunction(conditions: readonly Condition[]): string {
    return conditions.map((condition) => this.condition(condition, conditions.length > 1)).join(' AND ');
  }

  private condition(condition: Condition, among: boolean): string {
    const { dialect } = this.context;
    switch (condition.kind) {
      case 'compare': {
        const { left, right } = this.sides(condition.left, condition.right, condition.operator);
        if (right === 'TRUE' && condition.operator === '!=') return `${left} = FALSE`;
        return `${left} ${condition.operator === '!=' ? '<>' : condition.operator} ${right}`;
      }
      case 'compare-select':
        return `${this.comparable(condition.left)} ${condition.operator} (${this.inline(condition.right)})`;
      case 'compare-columns':
        return `${this.expression(condition.left)} ${condition.operator === '!=' ? '<>' : condition.operator} ${this.expression(condition.right)}`;
      case 'among': {
        const values = condition.values.map((value) => literal(value, condition.left, dialect)).join(', ');
        return `${this.expression(condition.left)} ${condition.negated ? 'NOT IN' : 'IN'} (${values})`;
      }
      case 'between': {
        const { left, right } = this.sides(condition.left, condition.low, 'between');
        const high = this.sides(condition.left, condition.high, 'between').right;
        return `${left} ${condition.negated ? 'NOT BETWEEN' : 'BETWEEN'} ${right} AND ${high}`;
      }
      case 'range':
        return this.range(condition);
      case 'like':
        return `${this.expression(condition.left)} ${condition.negated ? 'NOT ' : ''}${dialect.like} ${dialect.textLiteral(condition.pattern)}`;
      case 'in-select':
        return `${this.expression(condition.left)} ${condition.negated ? 'NOT IN' : 'IN'} (${this.inline(condition.select)})`;
      case 'null':
        return `${this.expression(condition.left)} IS ${condition.negated ? 'NOT ' : ''}NULL`;
      case 'or': {
        const options = condition.options.map((option) => this.conjunction(option));
        const text = options.join(' OR ');
        return among || options.length === 1 ? `(${text})` : text;
      }
      default:
        return condition satisfies never;
    }
  }

  private range({ left, from, to, negated }: Extract<Condition, { kind: 'range' }>): string {
    const { dateLiteral } = this.context.dialect;
    const column = this.expression(left);
    const parts = [
      ...(from === null ? [] : [`${column} >= ${dateLiteral(from)}`]),
      ...(to === null ? [] : [`${column} < ${dateLiteral(to)}`]),
    ];
    return negated ? `NOT (${parts.join(' AND ')})` : parts.join(' AND ');
  }

  /** A number beside a text column: equal as texts, greater or less as numbers. */
  private sides(
    left: Expression,
    right: Extract<Condition, { kind: 'compare' }>['right'],
    operator: string,
  ): { left: string; right: string } {
    const text = this.expression(left);
    const ordered = operator !== '=' && operator !== '!=';
    if (ordered && right.kind === 'number' && left.kind === 'column' && left.column.column.kind === 'text') {
      return { left: this.comparable(left), right: right.text };
    }
    return { left: text, right: literal(right, left, this.context.dialect) };
  }

  private comparable(left: Expression): string {
    const text = this.expression(left);
    const isText = left.kind === 'column' && !isNumeric(left.column) && left.column.column.kind === 'text';
    return isText ? `CAST(${text} AS ${this.context.dialect.numberType})` : text;
  }

  private inline(select: Select): string {
    return new SelectWriter(select, this.context).lines().join(' ');
  }
}

/** A table's own name, or where it is used twice, that name with a number. */
function nameInstances(instances: readonly Instance[], identifier: (name: string) => string): Map<Instance, string> {
  const names = new Map<Instance, string>();
  const uses = new Map<string, number>();
  for (const instance of instances) {
    const name = instance.table.table.name;
    const use = (uses.get(name.toLowerCase()) ?? 0) + 1;
    uses.set(name.toLowerCase(), use);
    names.set(instance, identifier(use === 1 ? name : `${name}_${use}`));
  }
  return names;
}
