import type { TableName } from '#core/guard/verdict.ts';
import { hidesView } from '#core/policy/judge.ts';
import { type Policy, restrictsReads } from '#core/policy/policy.ts';
import type { Relation } from '#core/policy/relation.ts';
import { columnRule, maskOf, tableRule } from '#core/policy/rules.ts';
import type { DatabaseSchema, SchemaTable } from '#core/schema.ts';
import type { Connector } from '../connectors/connector.ts';

/** What an agent tells of its database. */
export async function describeWithin(
  connector: Pick<Connector, 'describe' | 'relations'>,
  policy: Policy,
  signal: AbortSignal,
): Promise<DatabaseSchema> {
  const schema = await connector.describe({ signal });
  if (!restrictsReads(policy)) return schema;
  const views = schema.tables.filter(({ kind }) => kind === 'view' || kind === 'materialized view');
  return restrictSchema(schema, policy, await relationsOf(connector, views, signal));
}

/** Asked for some at a time: a catalogue may have thousands. */
async function relationsOf(
  connector: Pick<Connector, 'relations'>,
  tables: readonly TableName[],
  signal: AbortSignal,
): Promise<Relation[]> {
  const relations: Relation[] = [];
  for (let start = 0; start < tables.length; start += BATCH) {
    const batch = tables.slice(start, start + BATCH).map(({ schema, name }) => ({ schema, name }));
    relations.push(...(await connector.relations({ tables: batch, signal })));
  }
  return relations;
}

const BATCH = 100;

/** Columns whose values must not be looked for; none without rules. */
export function hiddenFrom(policy: Policy): (table: TableName, column: string) => boolean {
  if (!restrictsReads(policy)) return () => false;
  return (table, column) =>
    (tableRule(policy, [table]) ?? columnRule(policy, [table], column) ?? maskOf(policy, [table], column)) !==
    undefined;
}

/**
 * What the policy leaves of a schema: what may not be read is not in it, so that nobody is led to ask for it, and masked
 * columns say so.
 * @param views what the views read
 */
function restrictSchema(schema: DatabaseSchema, policy: Policy, views: readonly Relation[]): DatabaseSchema {
  const hidden = new Set(views.filter((view) => hidesView(policy, view)).map(({ asked }) => key(asked)));
  const tables = schema.tables
    .filter((table) => tableRule(policy, [table]) === undefined && !hidden.has(key(table)))
    .map((table) => restrictTable(table, policy));
  const columns = new Map(tables.map((table) => [key(table), new Set(table.columns.map(({ name }) => name))]));
  const known = (table: TableName, names: readonly string[]) =>
    names.every((name) => columns.get(key(table))?.has(name) === true);
  return { ...schema, tables: tables.map((table) => withKnownKeys(table, known)) };
}

const key = ({ schema, name }: TableName): string => JSON.stringify([schema, name]);

function restrictTable(table: SchemaTable, policy: Policy): SchemaTable {
  const columns = table.columns
    .filter(({ name }) => columnRule(policy, [table], name) === undefined)
    .map((column) => {
      const rule = maskOf(policy, [table], column.name);
      return rule === undefined ? column : { ...column, masked: rule.mask };
    });
  return { ...table, columns };
}

/** A key that names what is hidden would tell of it. */
function withKnownKeys(
  table: SchemaTable,
  known: (table: TableName, columns: readonly string[]) => boolean,
): SchemaTable {
  return {
    ...table,
    primaryKey: known(table, table.primaryKey) ? table.primaryKey : [],
    uniqueKeys: table.uniqueKeys.filter((columns) => known(table, columns)),
    foreignKeys: table.foreignKeys.filter(({ columns, references }) => {
      const target = { schema: references.schema, name: references.table };
      return known(table, columns) && known(target, references.columns);
    }),
  };
}
