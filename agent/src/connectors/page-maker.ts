import type { TableName } from '#core/guard/verdict.ts';
import type { SchemaTable } from '#core/schema.ts';
import type { SchemaPage } from './connector.ts';

export type SchemaHead = Omit<SchemaPage, 'tables' | 'parents'>;

/** Tables on one page: enough for few messages, and little enough to hold. */
const PAGE_TABLES = 100;

/** Makes pages of tables that come one by one. Loaded by workers too: types only. */
export class PageMaker {
  readonly #head: SchemaHead;
  readonly #onPage: (page: SchemaPage) => void;
  #tables: SchemaTable[] = [];
  #parents = new Map<SchemaTable, readonly TableName[]>();
  #pages = 0;

  constructor(head: SchemaHead, onPage: (page: SchemaPage) => void) {
    this.#head = head;
    this.#onPage = onPage;
  }

  add(table: SchemaTable, parents: readonly TableName[] = []): void {
    this.#tables.push(table);
    if (parents.length > 0) this.#parents.set(table, parents);
    if (this.#tables.length >= PAGE_TABLES) this.#hand();
  }

  /** There is one page at least, if an empty one. */
  end(): void {
    if (this.#tables.length > 0 || this.#pages === 0) this.#hand();
  }

  #hand(): void {
    this.#pages++;
    this.#onPage({
      ...this.#head,
      tables: this.#tables,
      ...(this.#parents.size === 0 ? {} : { parents: this.#parents }),
    });
    [this.#tables, this.#parents] = [[], new Map()];
  }
}
