import type { TableName } from '#core/guard/verdict.ts';
import { hidesView } from '#core/policy/judge.ts';
import { type Policy, restrictsReads } from '#core/policy/policy.ts';
import type { Relation } from '#core/policy/relation.ts';
import { columnRule, maskOf, tableRule } from '#core/policy/rules.ts';
import type { SchemaTable } from '#core/schema.ts';
import type { Connector, SchemaPage } from '../connectors/connector.ts';
import type { SchemaHead } from '../connectors/page-maker.ts';
import { nothingLeft, type SchemaFilter } from '../schema-filter.ts';

interface DescribeWithinOptions {
  readonly policy: Policy;
  readonly filter: SchemaFilter;
  readonly signal: AbortSignal;
}

/**
 * What an agent tells of its database: what the policy leaves of what was asked for. What may not be read is not in it, so
 * that nobody is led to ask for it, and masked columns say so. Views come last, as what they read has to be looked up.
 */
export async function describeWithin(
  connector: Pick<Connector, 'describe' | 'relations'>,
  { policy, filter, signal }: DescribeWithinOptions,
  onPage: (page: SchemaPage) => void,
): Promise<void> {
  const restriction = new Restriction(policy, filter);
  const isRestricted = restrictsReads(policy);
  const views: SchemaTable[] = [];
  let head: SchemaHead = { version: '', defaultSchemas: [] };
  let [seen, left] = [0, 0];
  await connector.describe({ schemas: filter.schemas, signal }, ({ tables, parents, ...rest }) => {
    head = rest;
    const asked = tables.filter(filter.includes);
    [seen, left] = [seen + tables.length, left + asked.length];
    if (isRestricted) views.push(...asked.filter(isView));
    const told = isRestricted ? asked.filter((table) => !isView(table)) : asked;
    onPage({ ...head, tables: told.flatMap((table) => restriction.of(table, parents?.get(table))) });
  });
  if (left === 0 && (seen > 0 || filter.schemas !== null)) throw nothingLeft();
  for (let start = 0; start < views.length; start += BATCH) {
    const batch = views.slice(start, start + BATCH);
    const hidden = await hiddenViews(connector, { policy, views: batch, signal });
    onPage({ ...head, tables: batch.filter((view) => !hidden.has(key(view))).flatMap((view) => restriction.of(view)) });
  }
}

const isView = ({ kind }: SchemaTable): boolean => kind === 'view' || kind === 'materialized view';

/** Asked for some at a time: a catalogue may have thousands. */
const BATCH = 100;

async function hiddenViews(
  connector: Pick<Connector, 'relations'>,
  {
    policy,
    views,
    signal,
  }: { readonly policy: Policy; readonly views: readonly TableName[]; readonly signal: AbortSignal },
): Promise<Set<string>> {
  const asked = views.map(({ schema, name }) => ({ schema, name }));
  const relations: Relation[] = await connector.relations({ tables: asked, signal });
  return new Set(relations.filter((view) => hidesView(policy, view)).map((view) => key(view.asked)));
}

/** Columns whose values must not be looked for; none without rules. */
export function hiddenFrom(policy: Policy): (table: TableName, column: string) => boolean {
  if (!restrictsReads(policy)) return () => false;
  return (table, column) =>
    (tableRule(policy, [table]) ?? columnRule(policy, [table], column) ?? maskOf(policy, [table], column)) !==
    undefined;
}

/** What the policy and the filter leave of a table. */
class Restriction {
  readonly #policy: Policy;
  readonly #filter: SchemaFilter;

  constructor(policy: Policy, filter: SchemaFilter) {
    this.#policy = policy;
    this.#filter = filter;
  }

  /** The table, or nothing of it. */
  of(table: SchemaTable, parents: readonly TableName[] = []): SchemaTable[] {
    const called = [table, ...parents];
    if (tableRule(this.#policy, called) !== undefined) return [];
    const columns = table.columns.flatMap((column) => {
      if (!this.#shows(called, [column.name])) return [];
      const rule = maskOf(this.#policy, called, column.name);
      if (rule === undefined) return [column];
      // What a masked column may hold is what its mask is to hide.
      const { values: _, ...rest } = column;
      return [{ ...rest, masked: rule.mask }];
    });
    return [this.#withShownKeys({ ...table, columns }, called)];
  }

  /** A key that names what is hidden would tell of it. */
  #withShownKeys(table: SchemaTable, called: readonly TableName[]): SchemaTable {
    return {
      ...table,
      primaryKey: this.#shows(called, table.primaryKey) ? table.primaryKey : [],
      uniqueKeys: table.uniqueKeys.filter((columns) => this.#shows(called, columns)),
      foreignKeys: table.foreignKeys.filter(({ columns, references }) => {
        const target = { schema: references.schema, name: references.table };
        const isShown = this.#filter.includes(target) && this.#shows([target], references.columns);
        return isShown && this.#shows(called, columns);
      }),
    };
  }

  #shows(called: readonly TableName[], columns: readonly string[]): boolean {
    return (
      tableRule(this.#policy, called) === undefined &&
      columns.every((column) => columnRule(this.#policy, called, column) === undefined)
    );
  }
}

const key = ({ schema, name }: TableName): string => JSON.stringify([schema, name]);
