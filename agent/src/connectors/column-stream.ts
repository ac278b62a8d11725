import type { SchemaTable } from '#core/schema.ts';
import type { PageMaker } from './page-maker.ts';

interface ColumnStreamOptions<C> {
  /** Without their columns, by a key of the engine's own; each leaves once it is complete. */
  readonly tables: Map<string, SchemaTable>;
  readonly complete: (table: SchemaTable, columns: C[]) => SchemaTable;
  readonly pages: PageMaker;
}

/** Puts columns that come in the order of their tables to the tables, of which each then goes on its page. */
export class ColumnStream<C> {
  readonly #options: ColumnStreamOptions<C>;
  #key = '';
  #columns: C[] = [];

  constructor(options: ColumnStreamOptions<C>) {
    this.#options = options;
  }

  add(key: string, column: C): void {
    if (key !== this.#key) this.#completeTable();
    this.#key = key;
    this.#columns.push(column);
  }

  /** What is left has no columns that anybody told: a view of what is not there any more. */
  end(): void {
    this.#completeTable();
    const { tables, pages } = this.#options;
    for (const table of tables.values()) pages.add(table);
    pages.end();
  }

  #completeTable(): void {
    const { tables, complete, pages } = this.#options;
    const table = tables.get(this.#key);
    tables.delete(this.#key);
    if (table !== undefined) pages.add(complete(table, this.#columns));
    this.#columns = [];
  }
}
