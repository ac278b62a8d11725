/** A row of a query of ours, read by column name; a name that is not there is a bug of ours. */
export class TextRow {
  readonly #names: readonly string[];
  readonly #values: readonly (string | null)[];

  constructor(names: readonly string[], values: readonly (string | null)[]) {
    this.#names = names;
    this.#values = values;
  }

  textOrNull(name: string): string | null {
    const value = this.#values[this.#names.indexOf(name)];
    if (value === undefined) throw new Error(`No column ${name}.`);
    return value;
  }

  text(name: string): string {
    const value = this.textOrNull(name);
    if (value === null) throw new Error(`Column ${name} is NULL.`);
    return value;
  }

  /** Of a row whose column has no name that is known before. */
  first(): string {
    return this.#values[0] ?? '';
  }

  /** PostgreSQL's `t` and `f`. */
  boolean(name: string): boolean {
    return this.text(name) === 't';
  }

  number(name: string): number {
    return Number(this.text(name));
  }
}
