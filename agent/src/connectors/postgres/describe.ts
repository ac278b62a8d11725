import { z } from 'zod';
import type { TableName } from '#core/guard/verdict.ts';
import type { SchemaColumn, SchemaTable } from '#core/schema.ts';
import type { DescribeOptions, SchemaPage } from '../connector.ts';
import { PageMaker } from '../page-maker.ts';
import type { TextRow } from '../text-row.ts';
import { DESCRIBE, SERVER } from './describe-query.ts';
import { WITHOUT_JIT } from './relations-query.ts';
import type { Session } from './session.ts';
import { forEachRow, queryText } from './text-query.ts';
import { kindOf } from './types.ts';

const KINDS: Readonly<Record<string, SchemaTable['kind']>> = {
  r: 'table',
  p: 'table',
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
};

const TIMEOUT_MS = 60_000;
/** A type with more is rather a list of things than a choice. */
const MAX_VALUES = 100;

const Names = z.array(z.string());
/** As the query has them. */
const Columns = z.array(
  z.tuple([
    ...([z.string(), z.string(), z.string(), z.string(), z.boolean()] as const),
    ...([z.string().nullable(), Names.nullable()] as const),
  ]),
);
const Parents = z.array(z.tuple([z.string(), z.string()]));
const UniqueKeys = z.array(z.tuple([z.boolean(), Names]));
const ForeignKeys = z.array(z.tuple([Names, z.string(), z.string(), Names]));

/** Reads the catalogs in one query, whatever the number of tables, and hands them on while they come. */
export async function describeDatabase(
  session: Session,
  { schemas = null, signal }: DescribeOptions,
  onPage: (page: SchemaPage) => void,
): Promise<void> {
  const within = { timeoutMs: TIMEOUT_MS, signal };
  const [server] = await queryText(session, { statement: SERVER, ...within });
  const pages = new PageMaker(
    {
      version: server?.text('version') ?? '',
      defaultSchemas: Names.parse(JSON.parse(server?.text('schemas') ?? '[]')),
    },
    onPage,
  );
  const parameters = [JSON.stringify(schemas ?? [])];
  const before = { statement: WITHOUT_JIT, parameters: [], row: () => undefined };
  await forEachRow(session, { before, statement: DESCRIBE, parameters, ...within }, (row) =>
    pages.add(readTable(row), readParents(row)),
  );
  pages.end();
}

function readParents(row: TextRow): TableName[] {
  return Parents.parse(JSON.parse(row.text('parents'))).map(([schema, name]) => ({ schema, name }));
}

function readTable(row: TextRow): SchemaTable {
  const estimate = row.textOrNull('row_estimate');
  const parts = row.number('parts');
  const keys = UniqueKeys.parse(JSON.parse(row.text('unique_keys')));
  return {
    schema: row.text('schema'),
    name: row.text('name'),
    kind: KINDS[row.text('kind')] ?? 'table',
    comment: row.textOrNull('comment'),
    columns: Columns.parse(JSON.parse(row.text('columns'))).map(readColumn),
    primaryKey: keys.find(([isPrimary]) => isPrimary)?.[1] ?? [],
    foreignKeys: ForeignKeys.parse(JSON.parse(row.text('foreign_keys'))).map(([columns, schema, table, theirs]) => ({
      columns,
      references: { schema, table, columns: theirs },
    })),
    uniqueKeys: keys.filter(([isPrimary]) => !isPrimary).map(([, columns]) => columns),
    rowEstimate: estimate === null ? null : Math.round(Number(estimate)),
    readable: row.boolean('readable'),
    ...(parts === 0 ? {} : { partitions: parts }),
  };
}

function readColumn(column: z.infer<typeof Columns>[number]): SchemaColumn {
  const [name, type, typeName, category, nullable, comment, values] = column;
  const isShort = values !== null && values.length <= MAX_VALUES;
  return { name, type, kind: kindOf(typeName, category), nullable, comment, ...(isShort ? { values } : {}) };
}
