import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnUse, Facts } from '#core/guard/classify.ts';
import { classify } from '#core/guard/dialects/duckdb/classify.ts';
import { fold } from '#core/guard/dialects/duckdb/nodes.ts';
import type { RelationRead } from '#core/policy/relation.ts';
import { type Catalogue, type Entry, macrosOf } from './catalog.ts';
import { parse } from './parse.ts';

/** What stands before the query of a view, names in quotes or not. */
const HEAD =
  /^\s*CREATE\s+(?:OR\s+REPLACE\s+)?VIEW\s+(?:IF\s+NOT\s+EXISTS\s+)?(?:(?:"(?:[^"]|"")*"|[^\s".()]+)\s*\.\s*){0,2}(?:"(?:[^"]|"")*"|[^\s".()]+)\s*(?:\((?:"(?:[^"]|"")*"|[^")])*\))?\s*AS\s+/i;

/** What views read, as our guard for DuckDB tells it of their queries. What it cannot tell counts as everything. */
export class ViewReads {
  readonly #connection: DuckDBConnection;
  readonly #catalogue: Catalogue;
  #macros: ReadonlySet<string> | undefined;
  readonly #known = new Map<Entry, readonly RelationRead[]>();

  constructor(connection: DuckDBConnection, catalogue: Catalogue) {
    this.#connection = connection;
    this.#catalogue = catalogue;
  }

  /** Through as many views as there are; the engine's own views show the engine's own. */
  async of(entry: Entry): Promise<readonly RelationRead[]> {
    const known = this.#known.get(entry);
    if (known !== undefined) return known;
    if (entry.sql === null || !entry.isInFile) return [];
    // A view cannot read itself; should one seem to, this ends it.
    this.#known.set(entry, []);
    const direct = await this.#direct(entry);
    const reads = [...direct.flatMap(readsOf)];
    for (const { source } of direct) reads.push(...(await this.of(source)));
    const distinct = [...new Map(reads.map((read) => [JSON.stringify(read), read])).values()];
    this.#known.set(entry, distinct);
    return distinct;
  }

  async #direct(view: Entry): Promise<readonly DirectRead[]> {
    const facts = await this.#facts(view.sql ?? '');
    this.#macros ??= await macrosOf(this.#connection);
    const macros = this.#macros;
    const isKnown = facts?.functions.every(({ schema, name }) => schema === null && !macros.has(fold(name)));
    if (facts === undefined || isKnown !== true) return this.#everything(view);
    return facts.tables.flatMap((table) =>
      this.#catalogue
        .candidates(table, view.schema)
        .filter((source) => source !== view)
        .map((source) => ({ source, columns: this.#columns(facts, source, view) })),
    );
  }

  async #facts(sql: string): Promise<Facts | undefined> {
    const query = sql.replace(HEAD, '');
    if (query === sql) return undefined;
    try {
      const tree = await parse(this.#connection, query);
      return tree && classify(tree, (bytes) => bytes).facts;
    } catch {
      return undefined; // more than our guard can follow
    }
  }

  #everything(view: Entry): DirectRead[] {
    const others = this.#catalogue.entries.filter((source) => source.isInFile && source !== view);
    return others.map((source) => ({ source, columns: null }));
  }

  /** Of the source, in its own order; null where none is named. */
  #columns(facts: Facts, source: Entry, view: Entry): readonly string[] | null {
    const isOf = ({ tables }: ColumnUse) =>
      tables.some((table) => this.#catalogue.candidates(table, view.schema).includes(source));
    const names = new Set(facts.columns.filter(isOf).map(({ name }) => name));
    const read = source.columns.filter((column) => names.has('*') || names.has(fold(column)));
    return read.length === 0 ? null : read;
  }
}

interface DirectRead {
  readonly source: Entry;
  readonly columns: readonly string[] | null;
}

function readsOf({ source: { schema, name }, columns }: DirectRead): RelationRead[] {
  return (columns ?? [null]).map((column) => ({ schema, name, column }));
}
