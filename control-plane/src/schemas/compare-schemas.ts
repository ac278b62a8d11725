import type { SchemaChanges } from '#core/protocol/api.ts';
import type { DatabaseSchema, ForeignKey, SchemaColumn, SchemaTable } from '#core/schema.ts';
import { tableDigest, tableKey } from '#core/schema-fingerprint.ts';

/** Of each kind so many are named, and of one table so many changes. */
const MAX_TABLES = 100;
const MAX_CHANGES = 20;

/** What is different, row estimates aside. Tables that are the same object in both are not looked at. */
export function compareSchemas(before: DatabaseSchema, now: DatabaseSchema): SchemaChanges {
  const old = new Map(before.tables.map((table) => [tableKey(table), table]));
  const added: SchemaTable[] = [];
  const changed: { readonly from: SchemaTable; readonly to: SchemaTable }[] = [];
  for (const to of now.tables) {
    const from = old.get(tableKey(to));
    old.delete(tableKey(to));
    if (from === undefined) added.push(to);
    else if (from !== to && tableDigest(from) !== tableDigest(to)) changed.push({ from, to });
  }
  return {
    added: named(added),
    removed: named([...old.values()]),
    changed: {
      count: changed.length,
      tables: changed.slice(0, MAX_TABLES).map(({ from, to }) => ({ table: nameOf(to), changes: changesOf(from, to) })),
    },
  };
}

const named = (tables: readonly SchemaTable[]) => ({
  count: tables.length,
  tables: tables.slice(0, MAX_TABLES).map(nameOf),
});

const nameOf = ({ schema, name }: SchemaTable): string => (schema === null ? name : `${schema}.${name}`);

function changesOf(from: SchemaTable, to: SchemaTable): string[] {
  const columns = new Map(from.columns.map((column) => [column.name, column]));
  const changes: string[] = [];
  for (const column of to.columns) {
    const before = columns.get(column.name);
    columns.delete(column.name);
    changes.push(
      ...(before === undefined ? [`column ${column.name} added (${column.type})`] : columnChanges(before, column)),
    );
  }
  changes.push(...[...columns.keys()].map((name) => `column ${name} removed`));
  changes.push(...tableChanges(from, to));
  if (changes.length > MAX_CHANGES) {
    return [...changes.slice(0, MAX_CHANGES), `and ${changes.length - MAX_CHANGES} more`];
  }
  // What nobody has words for here is a change all the same.
  return changes.length === 0 ? ['its columns come in another order'] : changes;
}

function columnChanges(from: SchemaColumn, to: SchemaColumn): string[] {
  const { name } = to;
  const isSameList = JSON.stringify(from.values) === JSON.stringify(to.values);
  return [
    ...(from.type === to.type && from.kind === to.kind ? [] : [`column ${name}: ${from.type} is now ${to.type}`]),
    ...(from.nullable === to.nullable
      ? []
      : [`column ${name} ${to.nullable ? 'may be null now' : 'is never null now'}`]),
    ...(from.comment === to.comment ? [] : [`column ${name} has another comment`]),
    ...(from.masked === to.masked
      ? []
      : [`column ${name} is ${to.masked === undefined ? 'no longer masked' : 'masked now'}`]),
    ...(isSameList || from.type !== to.type ? [] : [`column ${name} has other values to choose from`]),
  ];
}

function tableChanges(from: SchemaTable, to: SchemaTable): string[] {
  const text = (keys: readonly (readonly string[] | ForeignKey)[]): string =>
    JSON.stringify(keys.map((key) => JSON.stringify(key)).toSorted());
  return [
    ...(from.kind === to.kind ? [] : [`a ${from.kind} is now a ${to.kind}`]),
    ...(from.readable === to.readable ? [] : [to.readable ? 'may be read now' : 'may no longer be read']),
    ...(from.comment === to.comment ? [] : ['has another comment']),
    ...(text([from.primaryKey]) === text([to.primaryKey]) ? [] : ['has another primary key']),
    ...(text(from.uniqueKeys) === text(to.uniqueKeys) ? [] : ['has other unique keys']),
    ...(text(from.foreignKeys) === text(to.foreignKeys) ? [] : ['has other foreign keys']),
  ];
}
