import { outputNames } from '../generate-sql/output-names.ts';
import {
  type Condition,
  type Expression,
  type Instance,
  isAggregate,
  type Join,
  type Select,
} from '../logical-form.ts';
import { sameExpression } from '../resolve/apply-order.ts';
import { CannotWrite } from './cannot-write.ts';
import { DocumentPaths, type Json, type Stage } from './document-paths.ts';
import { filterOf, OPERATORS } from './pipeline-conditions.ts';
import { documentValue, figureOf } from './pipeline-expressions.ts';
import type { RelationalView } from './relational-view.ts';

/** The reading as a statement for MongoDB: a count where that is all that is asked, else a pipeline. Throws CannotWrite. */
export function writePipeline(select: Select, view: RelationalView): string {
  const writer = new PipelineWriter(select, view);
  const { collection } = writer;
  const count = writer.plainCount();
  return JSON.stringify(count === null ? { collection, pipeline: writer.stages() } : { collection, count });
}

class PipelineWriter {
  readonly collection: string;
  readonly #select: Select;
  readonly #view: RelationalView;
  readonly #paths: DocumentPaths;
  readonly #stages: Stage[] = [];

  constructor(select: Select, view: RelationalView) {
    this.#select = select;
    this.#view = view;
    this.#paths = new DocumentPaths(select, view);
    this.collection = this.#paths.source(select.root).collection;
  }

  /** The filter of a bare count, which also tells of none. */
  plainCount(): Stage | null {
    const { outputs, joins, where, groupBy, root } = this.#select;
    const [only] = outputs;
    const bare = outputs.length === 1 && only?.kind === 'count' && only.distinct === null && joins.length === 0;
    if (!bare || groupBy.length > 0 || !where.every(isOwn) || this.#paths.source(root).array !== null) return null;
    return filterOf(where, this.#pathOf);
  }

  stages(): readonly Stage[] {
    const { outputs, orderBy, having, groupBy } = this.#select;
    const aggregated = [...outputs, ...orderBy.map(({ by }) => by)].some(isAggregate) || having.length > 0;
    this.#gather();
    if (aggregated || this.#select.distinct) this.#group(aggregated);
    else this.#list();
    const single = aggregated && groupBy.length === 0 && outputs.every(({ kind }) => kind === 'count');
    return single ? this.#evenOfNone() : this.#stages;
  }

  /** The key of an inner select, under the name it is looked up by. */
  keyStages(name: string): readonly Stage[] {
    const { outputs, groupBy, having } = this.#select;
    const [key] = outputs;
    if (key === undefined) throw new CannotWrite('an inner question without a key');
    this.#gather();
    if (groupBy.length === 0 && having.length === 0 && isAggregate(key)) {
      const figure = figureOf(key, name, this.#pathOf);
      this.#stages.push({ $group: { _id: null, ...figure.gathered } }, { $project: { _id: 0, [name]: figure.result } });
      return this.#stages;
    }
    if (groupBy.length > 0 || having.length > 0) this.#group(true, [name]);
    else this.#list([name]);
    return this.#stages;
  }

  readonly #pathOf = (expression: Expression): string => {
    if (expression.kind !== 'column') throw new CannotWrite('a condition on what is no field');
    return this.#paths.path(expression);
  };

  /** Everything up to one document for each row: arrays taken apart, other collections joined, filters. */
  #gather(): void {
    const { root, joins, where } = this.#select;
    const { array } = this.#paths.source(root);
    if (array !== null) this.#stages.push({ $unwind: `$${array}` });
    const early = where.filter((condition) => isOwn(condition) && joins.every(({ to }) => !reads(condition, to)));
    this.#match(early);
    for (const join of joins) this.#join(join);
    this.#match(where.filter((condition) => isOwn(condition) && !early.includes(condition)));
    for (const condition of where) this.#matchOthers(condition);
  }

  #match(conditions: readonly Condition[]): void {
    if (conditions.length > 0) this.#stages.push({ $match: filterOf(conditions, this.#pathOf) });
  }

  #join({ from, to, edge, forward }: Join): void {
    const [near, far] = [this.#paths.source(from), this.#paths.source(to)];
    const before = this.#paths.prefix(from);
    const sameDocument = near.collection === far.collection && (near.array === null) !== (far.array === null);
    if (sameDocument) {
      this.#paths.place(to, before);
      if (far.array !== null) this.#stages.push({ $unwind: `$${before}${far.array}` });
      return;
    }
    const [own] = forward ? edge.fromColumns : edge.toColumns;
    const [other] = forward ? edge.toColumns : edge.fromColumns;
    if (own === undefined || other === undefined) throw new CannotWrite('a join without keys');
    const as = this.#paths.fresh(to.table.table.name);
    this.#paths.place(to, `${as}.`);
    const keys = { localField: `${before}${own.column.name}`, foreignField: other.column.name };
    this.#stages.push({ $lookup: { from: far.collection, ...keys, as } }, { $unwind: `$${as}` });
    if (far.array !== null) this.#stages.push({ $unwind: `$${as}.${far.array}` });
  }

  /** Conditions on what is found in other documents: those there are any of, or a figure of them. */
  #matchOthers(condition: Condition): void {
    if (condition.kind === 'in-select') {
      const as = this.#paths.fresh('found');
      const inner = new PipelineWriter(condition.select, this.#view);
      const local = this.#pathOf(condition.left);
      const matched = { $match: { $expr: { $eq: ['$key', '$$own'] } } };
      const pipeline = [...inner.keyStages('key'), matched, { $limit: 1 }];
      this.#stages.push(
        { $lookup: { from: inner.collection, let: { own: `$${local}` }, pipeline, as } },
        { $match: { [as]: condition.negated ? [] : { $ne: [] } } },
      );
    } else if (condition.kind === 'compare-select') {
      const as = this.#paths.fresh('figure');
      const inner = new PipelineWriter(condition.right, this.#view);
      const left = `$${this.#pathOf(condition.left)}`;
      const right = { $arrayElemAt: [`$${as}.key`, 0] };
      this.#stages.push(
        { $lookup: { from: inner.collection, pipeline: inner.keyStages('key'), as } },
        { $match: { $expr: { $and: [{ $ne: [left, null] }, { [OPERATORS[condition.operator]]: [left, right] }] } } },
      );
    }
  }

  /** One document for each row, with the fields that are asked for. */
  #list(names: readonly string[] = this.#names()): void {
    const { outputs, orderBy, limit } = this.#select;
    if (limit !== null) {
      // What has no value sorts first, and is not what is asked for.
      const present = orderBy.filter(({ direction }) => direction === 'asc').map(({ by }) => this.#pathOf(by));
      for (const path of present) this.#stages.push({ $match: { [path]: { $ne: null } } });
    }
    this.#sort(orderBy.map(({ by, direction }) => [this.#pathOf(by), direction]));
    const fields = outputs.map((output, at) => {
      const name = names[at] ?? `field_${at + 1}`;
      const value = documentValue(output, this.#pathOf);
      return [name, value === `$${name}` ? 1 : value] as const;
    });
    this.#stages.push({ $project: { _id: 0, ...Object.fromEntries(fields) } });
  }

  /** One document for each group; keys that are not asked for are told apart by and not shown. */
  #group(aggregated: boolean, names: readonly string[] = this.#names()): void {
    const { outputs, orderBy, having } = this.#select;
    const keys = aggregated ? this.#select.groupBy : outputs;
    const figures = new Map<Expression, Json>();
    const gathered: Record<string, Json> = {};
    const figure = (expression: Expression): Json => {
      const known = [...figures].find(([one]) => one === expression || sameExpression(one, expression));
      if (known !== undefined) return known[1];
      const made = figureOf(expression, `figure_${figures.size + 1}`, this.#pathOf);
      Object.assign(gathered, made.gathered);
      figures.set(expression, made.result);
      return made.result;
    };
    const shown = (expression: Expression): Json => {
      const at = keys.findIndex((key) => sameExpression(key, expression));
      return at < 0 ? figure(expression) : `$_id.key_${at + 1}`;
    };
    const fields: Record<string, Json> = {};
    for (const [at, output] of outputs.entries()) fields[names[at] ?? `field_${at + 1}`] = shown(output);
    const sorted = orderBy.map(({ by, direction }, at) => {
      const known = outputs.findIndex((output) => output === by || sameExpression(output, by));
      const name = known < 0 ? `order_${at + 1}` : (names[known] ?? '');
      if (known < 0) fields[name] = shown(by);
      return [name, direction] as const;
    });
    const tested = having.map((condition, at) => this.#tested(condition, `test_${at + 1}`, shown, fields));
    const id = Object.fromEntries(keys.map((key, at) => [`key_${at + 1}`, documentValue(key, this.#pathOf)]));
    this.#stages.push({ $group: { _id: keys.length === 0 ? null : id, ...gathered } });
    this.#stages.push({ $project: { _id: 0, ...fields } });
    for (const filter of tested) this.#stages.push({ $match: filter });
    this.#sort(sorted);
    const extra = Object.keys(fields).filter((name) => !names.includes(name));
    if (extra.length > 0)
      this.#stages.push({ $project: { _id: 0, ...Object.fromEntries(names.map((name) => [name, 1])) } });
  }

  #tested(
    condition: Condition,
    name: string,
    shown: (expression: Expression) => Json,
    fields: Record<string, Json>,
  ): Stage {
    if (condition.kind !== 'compare' && condition.kind !== 'between') throw new CannotWrite('a condition on groups');
    fields[name] = shown(condition.left);
    return filterOf([condition], () => name);
  }

  #sort(keys: readonly (readonly [string, 'asc' | 'desc'])[]): void {
    const { limit } = this.#select;
    if (keys.length > 0) {
      this.#stages.push({
        $sort: Object.fromEntries(keys.map(([path, direction]) => [path, direction === 'asc' ? 1 : -1])),
      });
    }
    if (limit !== null) this.#stages.push({ $limit: limit });
  }

  /** A count of nothing is 0, and not no document. */
  #evenOfNone(): readonly Stage[] {
    const names = this.#names();
    const counts = names.map((name) => [name, { $ifNull: [{ $arrayElemAt: [`$found.${name}`, 0] }, 0] }] as const);
    return [{ $facet: { found: this.#stages } }, { $project: { _id: 0, ...Object.fromEntries(counts) } }];
  }

  /** Fields' names without dots, each once. */
  #names(): readonly string[] {
    const given = outputNames(this.#select);
    const names: string[] = [];
    for (const [at, output] of this.#select.outputs.entries()) {
      const own = output.kind === 'column' ? output.column.column.name.replace(/^_id$/, 'id').split('.').at(-1) : null;
      const name = given[at] ?? own ?? `figure_${at + 1}`;
      names.push(names.includes(name) ? `${name}_${at + 1}` : name);
    }
    return names;
  }
}

const isOwn = ({ kind }: Condition): boolean => kind !== 'in-select' && kind !== 'compare-select';

/** Whether a condition is about a joined table. */
function reads(condition: Condition, instance: Instance): boolean {
  if (condition.kind === 'or') return condition.options.some((option) => option.some((one) => reads(one, instance)));
  const sides = condition.kind === 'compare-columns' ? [condition.left, condition.right] : [condition.left];
  return sides.some((side) => side.kind === 'column' && side.instance === instance);
}
