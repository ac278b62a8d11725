import { DatabaseSync } from 'node:sqlite';
import type { FoundValue } from '#core/protocol/messages.ts';
import type { DatabaseSchema, SchemaColumn, SchemaTable } from '#core/schema.ts';
import type { ValueKind } from '#core/values.ts';
import type { Draft, SqlWriter } from '../../sql-writer.ts';

/** A real SQLite database in memory, described and searched as an agent would, for the planner's tests. */
export interface Fixture {
  readonly schema: DatabaseSchema;
  findValues(texts: readonly string[]): Promise<FoundValue[]>;
  /** Rows of a statement, each as an array. */
  rows(sql: string): unknown[][];
}

const TODAY = '2026-11-21';

export function openFixture(script: string): Fixture {
  const database = new DatabaseSync(':memory:');
  database.exec(script);
  const schema = describe(database);
  return {
    schema,
    findValues: (texts) => Promise.resolve(texts.flatMap((text) => find(database, schema, text))),
    rows(sql) {
      const statement = database.prepare(sql);
      // Columns of one name stay apart.
      statement.setReturnArrays(true);
      return statement.all().map((row) => Object.values(row));
    },
  };
}

export function ask(
  writer: SqlWriter,
  fixture: Fixture,
  question: string,
  { schema = fixture.schema, earlier = [] }: { schema?: DatabaseSchema; earlier?: readonly string[] } = {},
): Promise<Draft> {
  const { findValues } = fixture;
  const signal = AbortSignal.timeout(5_000);
  return writer.write({ question, earlier, schema, today: TODAY, findValues, rejected: [], egress: 'rows', signal });
}

function describe(database: DatabaseSync): DatabaseSchema {
  const names = database.prepare("SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view')").all();
  const tables = names.map(({ name, type }) => describeTable(database, String(name), type === 'view'));
  return { dialect: 'sqlite', version: '3', defaultSchemas: [], tables };
}

function describeTable(database: DatabaseSync, name: string, view: boolean): SchemaTable {
  const columns = database.prepare('SELECT name, type, "notnull" AS required, pk FROM pragma_table_info(?)').all(name);
  const keys = database.prepare('SELECT "table" AS target, "from" AS source FROM pragma_foreign_key_list(?)').all(name);
  return {
    schema: null,
    name,
    kind: view ? 'view' : 'table',
    comment: null,
    columns: columns.map(
      (column): SchemaColumn => ({
        name: String(column['name']),
        type: String(column['type']),
        kind: kindOf(String(column['type'])),
        nullable: column['required'] === 0 && column['pk'] === 0,
        comment: null,
      }),
    ),
    primaryKey: columns.filter(({ pk }) => Number(pk) > 0).map((column) => String(column['name'])),
    foreignKeys: keys.map(({ source, target }) => ({
      columns: [String(source)],
      references: { schema: null, table: String(target), columns: [keyOf(database, String(target))] },
    })),
    uniqueKeys: [],
    rowEstimate: null,
    readable: true,
  };
}

const keyOf = (database: DatabaseSync, table: string): string =>
  String(database.prepare('SELECT name FROM pragma_table_info(?) WHERE pk = 1').get(table)?.['name']);

const KINDS: readonly (readonly [RegExp, ValueKind])[] = [
  [/BOOL/, 'boolean'],
  [/TIMESTAMP/, 'timestamp'],
  [/DATE/, 'date'],
  [/INT/, 'integer'],
  [/CHAR|TEXT/, 'text'],
  [/REAL/, 'float'],
  [/DEC|NUM/, 'decimal'],
];

const kindOf = (type: string): ValueKind => KINDS.find(([pattern]) => pattern.test(type))?.[1] ?? 'other';

function find(database: DatabaseSync, schema: DatabaseSchema, text: string): FoundValue[] {
  return schema.tables.flatMap(({ name: table, kind, columns }) =>
    columns
      .filter((column) => kind === 'table' && column.kind === 'text')
      .flatMap(({ name: column }) =>
        database
          .prepare(`SELECT DISTINCT "${column}" AS value FROM "${table}" WHERE lower("${column}") = lower(?) LIMIT 8`)
          .all(text)
          .map(({ value }) => ({ text, schema: null, table, column, value: String(value) })),
      ),
  );
}
