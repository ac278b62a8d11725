import { constants, type DatabaseSync } from 'node:sqlite';
import type { TableName } from '#core/guard/verdict.ts';
import type { Relation, RelationRead } from '#core/policy/relation.ts';
import { quoteIdentifier } from '../quote-identifier.ts';

/** Names compare as SQLite compares them, whatever the case of ASCII letters. */
const TABLE = "SELECT name, type FROM pragma_table_list(?) WHERE schema = 'main'";
/** SQLite finds its schema by the older of its names, and lists it by the newer. */
const [OLD_SCHEMA, SCHEMA] = ['sqlite_master', 'sqlite_schema'];
/** Hidden ones too: those of a virtual table are read by name. */
const COLUMNS = 'SELECT name FROM pragma_table_xinfo(?) ORDER BY cid';
/** Other names of a row's number. https://sqlite.org/lang_createtable.html#rowid */
const ROW_NUMBER = ['rowid', 'oid', '_rowid_'];

export function findRelations(database: DatabaseSync, tables: readonly TableName[]): Relation[] {
  return tables.flatMap((asked) => {
    const isInFile = asked.schema === null || asked.schema.toLowerCase() === 'main';
    const table = isInFile ? findTable(database, asked.name) : undefined;
    if (table === undefined) return [];
    const { name, type } = table;
    return [
      {
        asked,
        name: { schema: null, name },
        parents: otherNames(name),
        columns: type === 'view' ? viewColumns(database, name) : tableColumns(database, name),
        reads: readsBehind(database, table),
      },
    ];
  });
}

function readsBehind(database: DatabaseSync, { name, type }: Table): RelationRead[] {
  if (type === 'view') return viewReads(database, name);
  if (type === 'shadow') return shadowReads(database, name);
  return type === 'virtual' ? virtualReads(database, name) : [];
}

interface Table {
  readonly name: string;
  readonly type: string;
}

function findTable(database: DatabaseSync, name: string): Table | undefined {
  const row = database.prepare(TABLE).get(fold(name) === SCHEMA ? OLD_SCHEMA : name);
  return row && { name: String(row['name']), type: String(row['type']) };
}

/** A rule about either of its schema's names is meant. */
const otherNames = (name: string): TableName[] => (name === SCHEMA ? [{ schema: null, name: OLD_SCHEMA }] : []);

const fold = (name: string): string => name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

function columnNames(database: DatabaseSync, table: string): string[] {
  try {
    return database
      .prepare(COLUMNS)
      .all(table)
      .map((row) => String(row['name']));
  } catch {
    return []; // a view of what is no longer there: no statement can read it
  }
}

const viewColumns = (database: DatabaseSync, view: string): Relation['columns'] =>
  columnNames(database, view).map((name) => ({ name, aliases: [] }));

function tableColumns(database: DatabaseSync, table: string): Relation['columns'] {
  const names = columnNames(database, table);
  const taken = new Set(names.map(fold));
  const free = ROW_NUMBER.filter((alias) => !taken.has(alias));
  const rowNumber = free[0] === undefined ? null : columnBehind(database, table, free[0]);
  return names.map((name) => ({ name, aliases: name === rowNumber ? free : [] }));
}

/** Asked of SQLite, as not every INTEGER PRIMARY KEY is the row's number, and not every table has one. */
function columnBehind(database: DatabaseSync, table: string, alias: string): string | null {
  try {
    return database.prepare(`SELECT t.${alias} FROM ${quoteIdentifier(table)} AS t`).columns()[0]?.column ?? null;
  } catch {
    return null; // WITHOUT ROWID
  }
}

/** What SQLite reads while it compiles the view, down to the tables. */
function viewReads(database: DatabaseSync, view: string): RelationRead[] {
  const columnsOf = new Map<string, Set<string>>();
  database.setAuthorizer((action, table, column) => {
    if (action === constants.SQLITE_READ && table !== null && fold(table) !== fold(view)) {
      const key = fold(table);
      const columns = columnsOf.get(key) ?? new Set();
      columnsOf.set(key, columns.add(column ?? NO_COLUMN));
    }
    return constants.SQLITE_OK;
  });
  try {
    database.prepare(`SELECT * FROM ${quoteIdentifier(view)}`);
  } catch {
    // A view of what is no longer there: no statement can read it.
  } finally {
    database.setAuthorizer(null);
  }
  return [...columnsOf].flatMap(([table, columns]) => readsOf(database, table, columns));
}

/** What SQLite calls the column where it counts rows only. */
const NO_COLUMN = '';

function readsOf(database: DatabaseSync, table: string, columns: ReadonlySet<string>): RelationRead[] {
  const named = [...columns].filter((column) => column !== NO_COLUMN);
  // Without columns it may also be a name within the view (WITH), which is nothing in the file.
  const name = findTable(database, table)?.name ?? (named.length > 0 ? table : undefined);
  if (name === undefined) return [];
  return (named.length > 0 ? named : [null]).map((column) => ({ schema: null, name, column }));
}

/** The tables in which a virtual table keeps its content hold the values of its columns, under names of their own. */
function shadowReads(database: DatabaseSync, shadow: string): RelationRead[] {
  for (let end = shadow.lastIndexOf('_'); end > 0; end = shadow.lastIndexOf('_', end - 1)) {
    const owner = findTable(database, shadow.slice(0, end));
    if (owner?.type === 'virtual') return [{ schema: null, name: owner.name, column: null }];
  }
  return [];
}

/**
 * A virtual table may show what another table holds (content='users', fts5vocab). How its module reads its arguments is the
 * module's own; a table that they name counts as read.
 */
export function virtualReads(database: DatabaseSync, name: string): RelationRead[] {
  const sql = database.prepare("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?").get(name)?.['sql'];
  const named = (String(sql).match(WORD) ?? []).flatMap((word) => {
    const table = findTable(database, /^["'`[]/.test(word) ? word.slice(1, -1) : word);
    return table === undefined || table.name === name ? [] : [table.name];
  });
  return [...new Set(named)].map((table) => ({ schema: null, name: table, column: null }));
}

/** A name, or whatever stands in one of SQLite's four kinds of quotes. */
const WORD = /[\p{L}\p{N}_$]+|"[^"]+"|'[^']+'|`[^`]+`|\[[^\]]+\]/gu;
