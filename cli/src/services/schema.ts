import { closest } from '#core/closest.ts';
import { CustardError } from '#core/errors.ts';
import type { SchemaTable } from '#core/schema.ts';
import { envelope } from '../output/envelope.ts';
import type { Format } from '../output/formats.ts';
import { type ListColumn, printList } from '../output/print-list.ts';
import type { RunContext } from '../run-context.ts';
import { findConnection } from './connections.ts';
import { openApi } from './open-api.ts';
import { type FoundEntry, rankSchema } from './rank-schema.ts';
import { createSession, type Session, type SessionFlags } from './session.ts';

interface Options {
  readonly context: RunContext;
  readonly flags: SessionFlags;
}

type SchemaColumn = SchemaTable['columns'][number];

const TABLE_COLUMNS: readonly ListColumn<SchemaTable>[] = [
  { name: 'table', value: qualified },
  { name: 'kind', value: kindText },
  { name: 'columns', kind: 'integer', value: ({ columns }) => columns.length },
  { name: 'rows (estimate)', kind: 'integer', value: ({ rowEstimate }) => rowEstimate },
  { name: 'comment', value: ({ comment }) => comment },
];
/** For people only where there is something to say; for programs always. */
const RIGHTS: ListColumn<SchemaTable> = {
  name: 'rights',
  value: ({ readable }) => (readable ? null : 'no rights'),
};
const READABLE: ListColumn<SchemaTable> = { name: 'readable', kind: 'boolean', value: ({ readable }) => readable };

function tableColumns(tables: readonly SchemaTable[], format: Format): readonly ListColumn<SchemaTable>[] {
  if (format === 'csv' || format === 'tsv') return TABLE_COLUMNS.toSpliced(-1, 0, READABLE);
  // Right after the name, as the last columns go first where there is no room.
  return tables.every(({ readable }) => readable) ? TABLE_COLUMNS : TABLE_COLUMNS.toSpliced(1, 0, RIGHTS);
}

function kindText({ kind, partitions }: SchemaTable): string {
  return partitions === undefined ? kind : `${kind}, ${partitions} ${partitions === 1 ? 'partition' : 'partitions'}`;
}

export async function listTables({ context, flags }: Options): Promise<void> {
  const session = createSession(context, flags);
  const tables = await loadTables(session);
  const { format, sink, style, narrator } = session;
  const omissions = await printList({
    items: tables,
    columns: tableColumns(tables, format),
    schema: 'custard.tables/1',
    format,
    sink,
    style,
  });
  for (const text of omissions) narrator.warn(text);
}

export async function showTable({ context, flags, table: name }: Options & { readonly table: string }): Promise<void> {
  const session = createSession(context, flags);
  const table = findTable(await loadTables(session), name);
  const { format, sink, style, narrator } = session;
  if (format === 'json') {
    await sink.write(envelope({ schema: 'custard.table/1', data: table }));
    return;
  }
  if (!table.readable) narrator.warn(`The database role has no right to read ${qualified(table)}.`);
  const columns = columnsOf(table);
  const omissions = await printList({ items: table.columns, columns, schema: 'custard.table/1', format, sink, style });
  for (const text of omissions) narrator.warn(text);
}

function columnsOf(table: SchemaTable): readonly ListColumn<SchemaColumn>[] {
  return [
    { name: 'column', value: ({ name }) => name },
    { name: 'type', value: ({ type }) => type },
    { name: 'nullable', kind: 'boolean', value: ({ nullable }) => nullable },
    { name: 'key', value: ({ name }) => keyText(table, name) },
    { name: 'comment', value: commentText },
  ];
}

/** What is to be known of a column beside its type. */
function commentText({ comment, values, masked }: SchemaColumn): string | null {
  const texts = [
    ...(comment === null ? [] : [comment]),
    ...(values === undefined ? [] : [`one of: ${values.join(', ')}`]),
    ...(masked === undefined ? [] : [`masked (${masked})`]),
  ];
  return texts.length === 0 ? null : texts.join('; ');
}

function keyText({ primaryKey, foreignKeys, uniqueKeys }: SchemaTable, column: string): string | null {
  const texts = primaryKey.includes(column) ? ['primary'] : [];
  if (uniqueKeys.some((columns) => columns.includes(column))) texts.push('unique');
  for (const { columns, references } of foreignKeys) {
    const i = columns.indexOf(column);
    if (i >= 0) texts.push(`→ ${references.table}.${references.columns[i] ?? ''}`);
  }
  return texts.length === 0 ? null : texts.join(', ');
}

/** What fits best first; as many as somebody reads, unless all are asked for. */
export async function searchSchema({ context, flags, text, limit }: SearchOptions): Promise<void> {
  const session = createSession(context, flags);
  const found = rankSchema(await loadTables(session), text);
  const { format, sink, style, narrator } = session;
  if (found.length === 0) narrator.note('No table or column has that in its name or comment.');
  const items = found.slice(0, limit);
  const columns = FOUND_COLUMNS;
  const omissions = await printList({ items, columns, schema: 'custard.schema-search/1', format, sink, style });
  for (const omission of omissions) narrator.warn(omission);
  if (found.length > limit) {
    narrator.warn(`${(found.length - limit).toLocaleString('en')} more fit less well; --limit shows more.`);
  }
}

interface SearchOptions extends Options {
  readonly text: string;
  readonly limit: number;
}

const FOUND_COLUMNS: readonly ListColumn<FoundEntry>[] = [
  { name: 'table', value: ({ table }) => table },
  { name: 'column', value: ({ column }) => column },
  { name: 'type', value: ({ type }) => type },
  { name: 'comment', value: ({ comment }) => comment },
];

async function loadTables(session: Session): Promise<readonly SchemaTable[]> {
  await using opened = await openApi(session);
  for (const note of opened.notes) session.narrator.warn(note);
  return await session.narrator.during('schema', async () => {
    const id = await opened.connectionId();
    // A name stands for its id everywhere but in the schema's own address
    const isLocal = session.settings.target?.kind !== 'hosted';
    const connection = isLocal ? { id } : await findConnection(opened.api, id);
    return (await opened.api.schema(connection.id)).schema.tables;
  });
}

function qualified({ schema, name }: SchemaTable): string {
  return schema === null ? name : `${schema}.${name}`;
}

function findTable(tables: readonly SchemaTable[], name: string): SchemaTable {
  const wanted = name.toLowerCase();
  const named = (test: (table: SchemaTable) => boolean) => tables.filter(test);
  const exact = named((table) => qualified(table) === name || table.name === name);
  const found =
    exact.length > 0 ? exact : named((t) => [qualified(t), t.name].some((text) => text.toLowerCase() === wanted));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (only !== undefined) {
    throw new CustardError('USAGE', `There are several tables named "${name}".`, {
      hint: `Say which: ${found.map(qualified).join(', ')}.`,
    });
  }
  const meant = closest(
    name,
    tables.flatMap((table) => [table.name, qualified(table)]),
  );
  throw new CustardError('NOT_FOUND', `There is no table "${name}".`, {
    hint: meant === null ? 'See them all: custard schema list' : `Did you mean ${meant}?`,
  });
}
