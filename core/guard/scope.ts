/** What one SELECT's names mean: common table expressions and the items of its FROM, then those of the SELECTs around. */
export class Scope {
  readonly #parent: Scope | undefined;
  readonly #tableExpressions = new Set<string>();
  /** Name or alias of a FROM item → the table it stands for, null where its columns are made in this statement. */
  readonly #sources = new Map<string, string | null>();

  constructor(parent: Scope | undefined) {
    this.#parent = parent;
  }

  addTableExpression(name: string): void {
    this.#tableExpressions.add(name);
  }

  addSource(alias: string, table: string | null): void {
    this.#sources.set(alias, table);
  }

  isTableExpression(name: string): boolean {
    return this.#tableExpressions.has(name) || (this.#parent?.isTableExpression(name) ?? false);
  }

  /** The table behind an alias; null for a derived one, undefined where no FROM item has that name. */
  tableOf(alias: string): string | null | undefined {
    const found = this.#sources.get(alias);
    return found === undefined ? this.#parent?.tableOf(alias) : found;
  }
}
