import type { ColumnUse } from '../../classify.ts';
import type { TableName } from '../../verdict.ts';

/** The documents that run through one pipeline, as far as the guard follows them. */
export class Flow {
  readonly #tables: TableName[];
  readonly #made: Set<string>;
  readonly #shown: ColumnUse[];
  #isWhole: boolean;
  #isPlain: boolean;

  constructor(tables: readonly TableName[]) {
    this.#tables = [...tables];
    this.#made = new Set();
    this.#shown = [];
    this.#isWhole = tables.length > 0;
    this.#isPlain = true;
  }

  /** The collections that documents came from: a field may be of any of them. */
  get tables(): readonly TableName[] {
    return this.#tables;
  }

  /** Whether documents still have all the fields they are stored with, besides what stages add. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Whether every field that comes out stands where it is stored, with the value it is stored with. */
  get isPlain(): boolean {
    return this.#isPlain;
  }

  /** The fields that a projection picked by name, and that come out at the end. */
  get shown(): readonly ColumnUse[] {
    return this.#shown;
  }

  /** A way of its own through the same documents, for $facet. */
  branch(): Flow {
    const flow = new Flow(this.#tables);
    for (const name of this.#made) flow.#made.add(name);
    flow.#isWhole = this.#isWhole;
    flow.#isPlain = false;
    return flow;
  }

  /** Documents of other collections join in. */
  join(tables: readonly TableName[]): void {
    this.#tables.push(...tables);
  }

  /** A stage changes values or adds some. */
  reshape(): void {
    this.#isPlain = false;
  }

  /** A stage puts a value of the statement's own making in a field's place. */
  make(name: string): void {
    this.#isPlain = false;
    // `a.b` leaves the rest of `a` as it is.
    if (!name.includes('.')) this.#made.add(name);
  }

  /** Whether a path leads into a value that the statement makes; what that is made of was noted where it was made. */
  isMade(path: string): boolean {
    const [first = ''] = path.split('.', 1);
    return this.#made.has(first);
  }

  /** What the statement made is no longer under its name: the documents are replaced. */
  forgetMade(): void {
    this.#made.clear();
  }

  /** From here on documents only have fields that were named. */
  narrow(): void {
    this.#isWhole = false;
  }

  show(use: ColumnUse): void {
    this.#shown.push(use);
  }
}
