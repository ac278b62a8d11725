import { z } from 'zod';
import type { DatabaseSchema, SchemaColumn, SchemaTable } from '#core/schema.ts';
import type { TextRow } from '../text-row.ts';
import { COLUMNS, FOREIGN_KEYS, SERVER, TABLES, UNIQUE_KEYS } from './catalog-queries.ts';
import { kindOf } from './types.ts';

const KINDS: Readonly<Record<string, SchemaTable['kind']>> = {
  r: 'table',
  p: 'table',
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
};

const Names = z.array(z.string());
const Numbers = z.array(z.number());

interface Relation {
  readonly table: SchemaTable;
  /** Column names by attnum, also of columns the role may not read: keys may name them. */
  readonly columnNames: Map<number, string>;
}

/** Reads the catalogs in five queries, whatever the number of tables. */
export async function describeDatabase(query: (sql: string) => Promise<TextRow[]>): Promise<DatabaseSchema> {
  const [server] = await query(SERVER);
  const relations = new Map<string, Relation>();
  const partlyReadable = new Set<string>();
  for (const row of await query(TABLES)) {
    const oid = row.text('oid');
    relations.set(oid, { table: readTable(row), columnNames: new Map() });
    if (!row.boolean('readable') && row.boolean('partly_readable')) partlyReadable.add(oid);
  }
  for (const row of await query(COLUMNS)) {
    const oid = row.text('relation');
    const relation = relations.get(oid);
    relation?.columnNames.set(row.number('number'), row.text('name'));
    if (row.boolean('readable') || !partlyReadable.has(oid)) relation?.table.columns.push(readColumn(row));
  }
  for (const row of await query(UNIQUE_KEYS)) addUniqueKey(row, relations);
  for (const row of await query(FOREIGN_KEYS)) addForeignKey(row, relations);
  return {
    dialect: 'postgres',
    version: server?.text('version') ?? '',
    defaultSchemas: Names.parse(JSON.parse(server?.text('schemas') ?? '[]')),
    tables: [...relations.values()].map(({ table }) => table),
  };
}

function readTable(row: TextRow): SchemaTable {
  const estimate = row.textOrNull('row_estimate');
  return {
    schema: row.text('schema'),
    name: row.text('name'),
    kind: KINDS[row.text('kind')] ?? 'table',
    comment: row.textOrNull('comment'),
    columns: [],
    primaryKey: [],
    foreignKeys: [],
    uniqueKeys: [],
    rowEstimate: estimate === null ? null : Math.round(Number(estimate)),
    readable: row.boolean('partly_readable'),
  };
}

function readColumn(row: TextRow): SchemaColumn {
  return {
    name: row.text('name'),
    type: row.text('type'),
    kind: kindOf(row.text('type_name'), row.text('category')),
    nullable: row.boolean('nullable'),
    comment: row.textOrNull('comment'),
  };
}

function addUniqueKey(row: TextRow, relations: ReadonlyMap<string, Relation>): void {
  const relation = relations.get(row.text('relation'));
  const columns = columnNames(relation, row.text('columns'));
  if (relation === undefined || columns === undefined) return;
  if (row.boolean('is_primary')) relation.table.primaryKey.push(...columns);
  else relation.table.uniqueKeys.push(columns);
}

/** A key to what is not listed (a single partition) is left out. */
function addForeignKey(row: TextRow, relations: ReadonlyMap<string, Relation>): void {
  const relation = relations.get(row.text('relation'));
  const target = relations.get(row.text('target'));
  const columns = columnNames(relation, row.text('columns'));
  const targetColumns = columnNames(target, row.text('target_columns'));
  if (relation === undefined || target === undefined || columns === undefined || targetColumns === undefined) return;
  const { schema, name } = target.table;
  relation.table.foreignKeys.push({ columns, references: { schema, table: name, columns: targetColumns } });
}

function columnNames(relation: Relation | undefined, numbers: string): string[] | undefined {
  const names = Numbers.parse(JSON.parse(numbers)).map((number) => relation?.columnNames.get(number));
  const known = names.filter((name) => name !== undefined);
  return known.length === names.length && known.length > 0 ? known : undefined;
}
