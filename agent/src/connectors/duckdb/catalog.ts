import type { DuckDBConnection } from '@duckdb/node-api';
import { fold } from '#core/guard/dialects/duckdb/nodes.ts';
import type { TableName } from '#core/guard/verdict.ts';
import { query, text, textOrNull } from './query.ts';

const RELATIONS = `
  SELECT database_name, schema_name, table_name AS name, NULL AS sql FROM duckdb_tables()
  WHERE database_name IN (current_database(), 'system')
  UNION ALL
  SELECT database_name, schema_name, view_name, sql FROM duckdb_views()
  WHERE database_name IN (current_database(), 'system')`;
const COLUMNS = `
  SELECT database_name, schema_name, table_name AS name, column_name FROM duckdb_columns()
  WHERE database_name IN (current_database(), 'system') ORDER BY column_index`;
const MACROS = `
  SELECT DISTINCT function_name AS name FROM duckdb_functions()
  WHERE NOT internal AND database_name = current_database()`;

/** Functions that the file itself has, in whose place anything may be read. */
export async function macrosOf(connection: DuckDBConnection): Promise<ReadonlySet<string>> {
  return new Set((await query(connection, MACROS)).map((row) => fold(text(row, 'name'))));
}

/** A table or a view of the file, or one of the engine's own. */
export interface Entry {
  readonly isInFile: boolean;
  readonly schema: string;
  readonly name: string;
  /** Of a view: what made it. */
  readonly sql: string | null;
  readonly columns: readonly string[];
}

/** All relations that a statement can name. */
export class Catalogue {
  readonly entries: readonly Entry[];
  readonly #database: string;
  readonly #byName: ReadonlyMap<string, readonly Entry[]>;

  private constructor(database: string, entries: readonly Entry[]) {
    this.#database = fold(database);
    this.entries = entries;
    this.#byName = Map.groupBy(entries, ({ name }) => fold(name));
  }

  static async of(connection: DuckDBConnection): Promise<Catalogue> {
    const [named] = await query(connection, 'SELECT current_database() AS name');
    const database = text(named, 'name');
    const place = (row: Parameters<typeof text>[0]) =>
      JSON.stringify([text(row, 'database_name'), text(row, 'schema_name'), text(row, 'name')]);
    const columns = Map.groupBy(await query(connection, COLUMNS), place);
    const entries = (await query(connection, RELATIONS)).map((row) => ({
      isInFile: text(row, 'database_name') === database,
      schema: text(row, 'schema_name'),
      name: text(row, 'name'),
      sql: textOrNull(row, 'sql'),
      columns: (columns.get(place(row)) ?? []).map((column) => text(column, 'column_name')),
    }));
    return new Catalogue(database, entries);
  }

  /** What the name stands for, by DuckDB's search path: the file before the engine's own. */
  find(table: TableName): Entry | undefined {
    return this.candidates(table)[0];
  }

  /** All that it may stand for; `home` is a schema that is looked into as well, a view's own. */
  candidates({ schema, name }: TableName, home = 'main'): readonly Entry[] {
    const named = this.#byName.get(fold(name)) ?? [];
    const parts = schema === null ? [] : fold(schema).split('.');
    const [database, within] = parts.length > 1 ? parts : [undefined, parts[0]];
    const fits = (entry: Entry): boolean => {
      if (database !== undefined) return this.#isIn(entry, database) && fold(entry.schema) === within;
      if (within === undefined) return ['main', 'pg_catalog', fold(home)].includes(fold(entry.schema));
      // One part is a schema, or a database, of which its main schema is meant.
      return fold(entry.schema) === within || (this.#isIn(entry, within) && entry.schema === 'main');
    };
    return named.filter(fits).toSorted((a, b) => Number(b.isInFile) - Number(a.isInFile));
  }

  #isIn(entry: Entry, database: string): boolean {
    return database === (entry.isInFile ? this.#database : 'system');
  }
}
