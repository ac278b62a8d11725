import type { ColumnUse } from '../../classify.ts';
import type { TableName } from '../../verdict.ts';

/** The documents that run through one pipeline, as far as the guard follows them. */
export class Flow {
  #tables: readonly TableName[];
  readonly #made: Set<string>;
  /** Fields that hold documents of other flows. */
  readonly #nested = new Map<string, Flow>();
  readonly #shown: ColumnUse[];
  #isWhole: boolean;
  #isPlain: boolean;

  constructor(tables: readonly TableName[]) {
    this.#tables = tables;
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

  /** The flows whose documents come along as values of fields. */
  get nested(): Iterable<Flow> {
    return this.#nested.values();
  }

  /** A way of its own through the same documents, for $facet. */
  branch(): Flow {
    const flow = new Flow(this.#tables);
    for (const name of this.#made) flow.#made.add(name);
    for (const [name, inner] of this.#nested) flow.#nested.set(name, inner);
    flow.#isWhole = this.#isWhole;
    flow.#isPlain = false;
    return flow;
  }

  /** Documents of other collections join in. */
  join(tables: readonly TableName[]): void {
    this.#tables = [...this.#tables, ...tables];
  }

  /** A stage changes values or adds some. */
  reshape(): void {
    this.#isPlain = false;
  }

  /** A stage puts a value of the statement's own making in a field's place. */
  make(name: string): void {
    this.#isPlain = false;
    // `a.b` leaves the rest of `a` as it is.
    if (name.includes('.')) return;
    this.#made.add(name);
    this.#nested.delete(name);
  }

  /** A stage takes a field away. One of the statement's own stays known as such, and what was joined is gone. */
  drop(name: string): void {
    if (this.isMade(name)) this.make(name);
  }

  /** A field takes the documents of another flow. Whether it can be followed there: not inside another field. */
  nest(name: string, inner: Flow): boolean {
    this.make(name);
    if (name.includes('.')) return false;
    this.#nested.set(name, inner);
    return true;
  }

  /** The flow that a path leads into, and the rest of the path there, empty where it ends. */
  nestedAt(path: string): { readonly inner: Flow; readonly rest: string } | undefined {
    const [first = ''] = path.split('.', 1);
    const inner = this.#nested.get(first);
    return inner === undefined ? undefined : { inner, rest: path.slice(first.length + 1) };
  }

  /** Whether a path leads into a value that the statement makes; what that is made of was noted where it was made. */
  isMade(path: string): boolean {
    const [first = ''] = path.split('.', 1);
    return this.#made.has(first);
  }

  /** What the statement made is no longer under its name: the documents are replaced. */
  forgetMade(): void {
    this.#made.clear();
    this.#nested.clear();
  }

  /** From here on documents only have fields that were named, and noted with that. */
  narrow(): void {
    this.#isWhole = false;
    this.#nested.clear();
  }

  show(use: ColumnUse): void {
    this.#shown.push(use);
  }
}
