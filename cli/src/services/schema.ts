import { closest } from '#core/closest.ts';
import { CustardError } from '#core/errors.ts';
import type { SchemaTable } from '#core/schema.ts';
import { envelope } from '../output/envelope.ts';
import { type ListColumn, printList } from '../output/print-list.ts';
import type { RunContext } from '../run-context.ts';
import { findConnection } from './connections.ts';
import { openApi } from './open-api.ts';
import { createSession, type Session, type SessionFlags } from './session.ts';

interface Options {
  readonly context: RunContext;
  readonly flags: SessionFlags;
}

type SchemaColumn = SchemaTable['columns'][number];

const TABLE_COLUMNS: readonly ListColumn<SchemaTable>[] = [
  { name: 'table', value: qualified },
  { name: 'kind', value: ({ kind }) => kind },
  { name: 'columns', kind: 'integer', value: ({ columns }) => columns.length },
  { name: 'rows (estimate)', kind: 'integer', value: ({ rowEstimate }) => rowEstimate },
  { name: 'readable', kind: 'boolean', value: ({ readable }) => readable },
  { name: 'comment', value: ({ comment }) => comment },
];

export async function listTables({ context, flags }: Options): Promise<void> {
  const session = createSession(context, flags);
  const tables = await loadTables(session);
  const { format, sink, style, narrator } = session;
  const omissions = await printList({
    items: tables,
    columns: TABLE_COLUMNS,
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
    { name: 'comment', value: ({ comment }) => comment },
  ];
}

function keyText({ primaryKey, foreignKeys }: SchemaTable, column: string): string | null {
  const texts = primaryKey.includes(column) ? ['primary'] : [];
  for (const { columns, references } of foreignKeys) {
    const i = columns.indexOf(column);
    if (i >= 0) texts.push(`→ ${references.table}.${references.columns[i] ?? ''}`);
  }
  return texts.length === 0 ? null : texts.join(', ');
}

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
