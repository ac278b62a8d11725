import type { DatabaseSchema, SchemaTable } from '#core/schema.ts';
import type { Step } from '../join-paths.ts';
import { splitIdentifier } from '../text/split-identifier.ts';
import { singular, stem } from '../text/stem.ts';
import { type DerivedMeasure, findRevenue } from './derived-measure.ts';
import type { ColumnEntry, Edge, Entry, TableEntry } from './entries.ts';
import { findEdges } from './find-edges.ts';
import { columnWords, tableWords } from './name-words.ts';

/** A schema prepared for questions. Built once per schema, shared by all questions on it. */
export interface SchemaIndex {
  readonly schema: DatabaseSchema;
  readonly tables: readonly TableEntry[];
  /** Stem → the tables and columns with that word in their name (or comment). */
  readonly byWord: ReadonlyMap<string, readonly Entry[]>;
  /** Names and their parts as they are written, where they stand for other words: "temp_max", "qty", "birthdate". */
  readonly written: ReadonlyMap<string, readonly string[]>;
  /** Edges that leave or reach a table, by table index. */
  readonly edges: ReadonlyMap<TableEntry, readonly Edge[]>;
  /** Shortest ways between tables that were asked for before; see join-paths.ts. */
  readonly paths: Map<string, readonly (readonly Step[])[]>;
  /** How this schema holds revenue, if it does. */
  readonly revenue: DerivedMeasure | null;
  column(table: string, column: string, schema: string | null): ColumnEntry | null;
}

export function buildSchemaIndex(schema: DatabaseSchema): SchemaIndex {
  const readable = schema.tables.filter((table) => table.readable);
  const context = wordsInUse(readable);
  const tables = readable.map((table, index) => tableEntry(table, index, context));
  const edges = findEdges(tables);
  for (const { fromColumns, to } of edges) {
    const [column] = fromColumns;
    if (column !== undefined && fromColumns.length === 1) column.references ??= to;
  }
  const byName = new Map<string, ColumnEntry>();
  for (const table of tables) for (const column of table.columns) byName.set(address(column), column);
  return {
    schema,
    tables,
    byWord: indexWords(tables),
    written: writtenWords(readable, context),
    paths: new Map(),
    revenue: findRevenue(tables),
    edges: groupEdges(edges),
    column: (table, column, schemaName) => byName.get(JSON.stringify([schemaName, table, column])) ?? null,
  };
}

const address = ({ table, column }: ColumnEntry): string =>
  JSON.stringify([table.table.schema, table.table.name, column.name]);

function writtenWords(tables: readonly SchemaTable[], context: ReadonlySet<string>): Map<string, readonly string[]> {
  const written = new Map<string, readonly string[]>();
  const add = (name: string, words: readonly string[]): void => {
    if (words.length > 1 || words[0] !== stem(name)) written.set(name.toLowerCase(), words);
  };
  for (const table of tables) {
    for (const { name } of table.columns) add(name, columnWords(name, context));
    add(table.name, tableWords(table.name, context));
  }
  for (const word of context) add(word, columnWords(word, context));
  return written;
}

function wordsInUse(tables: readonly SchemaTable[]): Set<string> {
  const words = new Set<string>();
  for (const table of tables) {
    for (const name of [table.name, ...table.columns.map((column) => column.name)]) {
      for (const word of splitIdentifier(name)) {
        words.add(word);
        words.add(singular(word));
      }
    }
  }
  return words;
}

function tableEntry(table: SchemaTable, index: number, context: ReadonlySet<string>): TableEntry {
  const words = tableWords(table.name, context);
  const columns: ColumnEntry[] = [];
  const foreign = new Set(table.foreignKeys.flatMap((key) => key.columns));
  const keyName = table.primaryKey.length === 1 ? table.primaryKey[0] : undefined;
  const entry: TableEntry = {
    kind: 'table',
    table,
    index,
    words,
    columns,
    get key() {
      return columns.find(({ column }) => column.name === keyName) ?? null;
    },
    junction: foreign.size >= 2 && table.columns.length - foreign.size <= 2,
  };
  for (const column of table.columns) {
    const own = columnWords(column.name, context);
    columns.push({
      kind: 'column',
      table: entry,
      column,
      words: own,
      tableWords: new Set(
        own.filter((word) => words.includes(word) || words.some((other) => other.startsWith(word) && word.length >= 3)),
      ),
      commentWords: (column.comment ?? '')
        .split(/[^\p{L}\p{N}]+/u)
        .filter(Boolean)
        .slice(0, 6)
        .map(stem),
      isKey: table.primaryKey.includes(column.name),
      isForeignKey: foreign.has(column.name),
      references: null,
    });
  }
  return entry;
}

function indexWords(tables: readonly TableEntry[]): Map<string, Entry[]> {
  const index = new Map<string, Entry[]>();
  const add = (word: string, entry: Entry): void => {
    const entries = index.get(word);
    if (entries === undefined) index.set(word, [entry]);
    else if (entries.at(-1) !== entry) entries.push(entry);
  };
  for (const table of tables) {
    for (const word of table.words) add(word, table);
    for (const column of table.columns) {
      for (const word of new Set([...column.words, ...column.commentWords])) add(word, column);
    }
  }
  return index;
}

function groupEdges(edges: readonly Edge[]): Map<TableEntry, Edge[]> {
  const grouped = new Map<TableEntry, Edge[]>();
  for (const edge of edges) {
    for (const table of new Set([edge.from, edge.to])) {
      const list = grouped.get(table) ?? [];
      list.push(edge);
      grouped.set(table, list);
    }
  }
  return grouped;
}
