import type { TableName } from '../verdict.ts';

/** What one SELECT's names mean: common table expressions and the items of its FROM, then those of the SELECTs around. */
export class Scope {
  readonly #parent: Scope | undefined;
  readonly #tableExpressions = new Set<string>();
  /** Name or alias of a FROM item → the table it stands for, null where its columns are made in this statement. */
  readonly #sources = new Map<string, TableName | null>();
  /** Tables of FROM items whose alias is another's too. */
  readonly #hidden: { readonly alias: string; readonly table: TableName }[] = [];

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
  }

  isTableExpression(name: string): boolean {
    return this.#tableExpressions.has(name) || (this.#parent?.isTableExpression(name) ?? false);
  }

  /** The table behind an alias; null for a derived one, undefined where no FROM item has that name. */
  tableOf(alias: string): TableName | null | undefined {
    const found = this.#sources.get(alias);
    return found === undefined ? this.#parent?.tableOf(alias) : found;
  }

  /**
   * All that have the alias, from this SELECT outwards: some engines look further where the nearest has no such column.
   */
  tablesOf(alias: string): (TableName | null)[] {
    const own = this.#sources.get(alias);
    const hidden = this.#hidden.filter((source) => source.alias === alias).map(({ table }) => table);
    return [...(own === undefined ? [] : [own]), ...hidden, ...(this.#parent?.tablesOf(alias) ?? [])];
  }

  /** Tables of this SELECT's own FROM: what a star stands for. */
  ownTables(): TableName[] {
    return [...this.#sources.values(), ...this.#hidden.map(({ table }) => table)].filter((table) => table !== null);
  }

  /** Tables that a column without a qualifier may belong to. */
  tablesInReach(): TableName[] {
    return [...this.ownTables(), ...(this.#parent?.tablesInReach() ?? [])];
  }
}
