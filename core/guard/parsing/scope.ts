import type { TableName } from '../verdict.ts';

/** What one SELECT's names mean: common table expressions and the items of its FROM, then those of the SELECTs around. */
export class Scope {
  readonly #parent: Scope | undefined;
  readonly #tableExpressions = new Set<string>();
  /** Name or alias of a FROM item → the table it stands for, null where its columns are made in this statement. */
  readonly #sources = new Map<string, TableName | null>();
  /** Tables of FROM items whose alias is another's too. */
  readonly #hidden: { readonly alias: string; readonly table: TableName }[] = [];
  /** Thousands of columns share their lists of thousands of tables. */
  #own: readonly TableName[] | undefined;
  #inReach: readonly TableName[] | undefined;

  constructor(parent: Scope | undefined) {
    this.#parent = parent;
  }

  addTableExpression(name: string): void {
    this.#tableExpressions.add(name);
  }

  addSource(alias: string, table: TableName | null): void {
    const before = this.#sources.get(alias);
    if (before) this.#hidden.push({ alias, table: before });
    this.#sources.set(alias, table);
    this.#own = undefined;
    this.#inReach = undefined;
  }

  isTableExpression(name: string): boolean {
    return this.#tableExpressions.has(name) || (this.#parent?.isTableExpression(name) ?? false);
  }

  /**
   * The tables behind an alias, null for derived ones, from this SELECT outwards: the first is meant, unless the engine looks
   * further out where that has no such column.
   */
  tablesOf(alias: string): (TableName | null)[] {
    const own = this.#sources.get(alias);
    const hidden = this.#hidden.filter((source) => source.alias === alias).map(({ table }) => table);
    return [...(own === undefined ? [] : [own]), ...hidden, ...(this.#parent?.tablesOf(alias) ?? [])];
  }

  /** Tables of this SELECT's own FROM: what a star stands for. */
  ownTables(): readonly TableName[] {
    this.#own ??= [...this.#sources.values(), ...this.#hidden.map(({ table }) => table)].filter(
      (table) => table !== null,
    );
    return this.#own;
  }

  /** Tables that a column without a qualifier may belong to; asked for when the whole statement has been read. */
  tablesInReach(): readonly TableName[] {
    if (this.#inReach === undefined) {
      const outer = this.#parent?.tablesInReach() ?? [];
      this.#inReach = this.ownTables().length === 0 ? outer : [...this.ownTables(), ...outer];
    }
    return this.#inReach;
  }
}
