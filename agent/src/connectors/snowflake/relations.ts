import { loadGuard } from '#core/guard/load-guard.ts';
import type { TableName } from '#core/guard/verdict.ts';
import type { Relation, RelationRead } from '#core/policy/relation.ts';
import type { TextRow } from './text-query.ts';

export interface Home {
  readonly database: string;
  readonly schema: string | null;
}

type Query = (statement: string, binds: readonly string[]) => Promise<TextRow[]>;

interface Table {
  readonly schema: string;
  readonly name: string;
  readonly isView: boolean;
  readonly columns: string[];
}

/** Tables of the database of the connection; one of another database is not told of, so that no policy lets it pass. */
export async function findRelations(home: Home, tables: readonly TableName[], query: Query): Promise<Relation[]> {
  const asked = tables.flatMap((table) => {
    const schema = schemaIn(home, table.schema);
    return schema === null ? [] : [{ asked: table, key: key({ schema, name: table.name }) }];
  });
  if (asked.length === 0) return [];
  const catalogue = await Catalogue.read(
    asked.map((each) => each.asked.name),
    query,
  );
  const relations = new Map<string, Omit<Relation, 'asked'>>();
  for (const one of new Set(asked.map((each) => each.key))) {
    const table = catalogue.table(one);
    if (table === undefined) continue;
    const { schema, name, columns } = table;
    const reads = table.isView ? await catalogue.reads(table) : [];
    relations.set(one, {
      name: { schema, name },
      parents: [],
      columns: columns.map((column) => ({ name: column, aliases: [] })),
      reads,
    });
  }
  return asked.flatMap((each) => {
    const relation = relations.get(each.key);
    return relation === undefined ? [] : [{ asked: each.asked, ...relation }];
  });
}

/** The guard joins database and schema with a dot, which a quoted name may have in it too: then it is nobody's. */
function schemaIn({ database, schema }: Home, asked: string | null): string | null {
  if (asked === null) return schema;
  if (!asked.includes('.')) return asked;
  const rest = asked.slice(database.length + 1);
  return asked.startsWith(`${database}.`) && !rest.includes('.') ? rest : null;
}

const key = ({ schema, name }: TableName): string => JSON.stringify([schema, name]);

const COLUMNS = `
  SELECT c.TABLE_SCHEMA, c.TABLE_NAME, c.COLUMN_NAME, t.TABLE_TYPE FROM INFORMATION_SCHEMA.COLUMNS c
  JOIN INFORMATION_SCHEMA.TABLES t ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME
`;
const IN_ORDER = 'ORDER BY c.TABLE_SCHEMA, c.TABLE_NAME, c.ORDINAL_POSITION';
const VIEWS = 'SELECT TABLE_SCHEMA, TABLE_NAME, VIEW_DEFINITION FROM INFORMATION_SCHEMA.VIEWS';
/** Its views read what Snowflake keeps for itself. */
const SYSTEM_SCHEMA = 'INFORMATION_SCHEMA';
/** A definition begins with CREATE VIEW; what follows its first AS is the query, or is not understood. */
const QUERY = /\bAS\s*(?=SELECT\b|WITH\b|\()([\s\S]*)/i;

class Catalogue {
  readonly #tables = new Map<string, Table>();
  readonly #definitions = new Map<string, string>();

  /** Of the tables of these names; if one of them is a view, of all, as it may read any. */
  static async read(names: readonly string[], query: Query): Promise<Catalogue> {
    const some = new Catalogue();
    const distinct = [...new Set(names)];
    const named = `WHERE c.TABLE_NAME IN (${distinct.map(() => '?').join(', ')})`;
    for (const row of await query(`${COLUMNS} ${named} ${IN_ORDER}`, distinct)) some.#addColumn(row);
    if (!some.#tables.values().some(({ isView }) => isView)) return some;
    const all = new Catalogue();
    for (const row of await query(`${COLUMNS} ${IN_ORDER}`, [])) all.#addColumn(row);
    for (const row of await query(VIEWS, [])) {
      const name = { schema: row.text('table_schema'), name: row.text('table_name') };
      all.#definitions.set(key(name), row.textOrNull('view_definition') ?? '');
    }
    return all;
  }

  table(named: string): Table | undefined {
    return this.#tables.get(named);
  }

  /** Through as many views as there are. Where a definition is kept from the role, or not understood, all there is. */
  async reads(view: Table): Promise<RelationRead[]> {
    const reads = new Map<string, RelationRead>();
    const seen = new Set<string>();
    const open = [view];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(key(next))) continue;
      seen.add(key(next));
      const found = await this.#readsOf(next);
      if (found === null) return this.#everything();
      for (const read of found) {
        reads.set(JSON.stringify([read.schema, read.name, read.column]), read);
        const table = this.#tables.get(key(read));
        if (table?.isView && table.schema !== SYSTEM_SCHEMA) open.push(table);
      }
    }
    return [...reads.values()];
  }

  #addColumn(row: TextRow): void {
    const [schema, name] = [row.text('table_schema'), row.text('table_name')];
    const known = this.#tables.get(key({ schema, name }));
    const isView = row.text('table_type').includes('VIEW') && schema !== SYSTEM_SCHEMA;
    const table = known ?? { schema, name, isView, columns: [] };
    table.columns.push(row.text('column_name'));
    this.#tables.set(key(table), table);
  }

  async #readsOf(view: Table): Promise<RelationRead[] | null> {
    const [, query] = QUERY.exec(this.#definitions.get(key(view)) ?? '') ?? [];
    if (query === undefined) return null;
    const verdict = await (await loadGuard('snowflake')).check(query.replace(/;\s*$/, ''));
    if (verdict.verdict === 'deny') return null;
    const inView = ({ schema, name }: TableName) => ({ schema: schema ?? view.schema, name });
    const reads = verdict.columnUses.flatMap((use) => this.#readsOfUse(use.tables.map(inView), use.name));
    const named = new Set(reads.map(key));
    const others = verdict.tables.map(inView).filter((table) => !named.has(key(table)));
    return [...reads, ...others.map((table) => ({ ...table, column: null }))];
  }

  /** A name that may be of several tables is of those that have it; if none has, of any column of theirs. */
  #readsOfUse(tables: readonly TableName[], column: string): RelationRead[] {
    const found = tables.flatMap((table) => {
      const columns = this.#tables.get(key(table))?.columns ?? [];
      return columns.filter((one) => column === '*' || one === column).map((one) => ({ ...table, column: one }));
    });
    const isComplete = column === '*' ? tables.every((table) => this.#tables.has(key(table))) : found.length > 0;
    return isComplete ? found : tables.map((table) => ({ ...table, column: null }));
  }

  #everything(): RelationRead[] {
    const own = [...this.#tables.values()].filter(({ schema }) => schema !== SYSTEM_SCHEMA);
    return own.map(({ schema, name }) => ({ schema, name, column: null }));
  }
}
