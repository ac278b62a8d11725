import { type ColumnUse, type Facts, noFacts } from '../../classify.ts';
import type { TableName } from '../../verdict.ts';
import type { Flow } from './flow.ts';

/** Positions in arrays: `items.0.price`. */
const POSITION = /\.\d+(?=\.|$)/g;

/** What the walk meets. */
export class Notes {
  readonly facts: Facts = noFacts();
  /** Joined flows that were read as a whole; once is enough. */
  readonly #read = new Set<Flow>();

  /** A stage, an operator or an accumulator. */
  operator(name: string, offset: number): void {
    this.facts.functions.push({ schema: null, name, offset });
  }

  table({ schema, name }: TableName, offset: number): void {
    this.facts.tables.push({ schema, name, offset });
  }

  /** A read of the field at a path, from the top of the flow's documents. */
  field(flow: Flow, path: string, offset: number): void {
    const nested = flow.nestedAt(path);
    if (nested !== undefined) this.#inside(nested.inner, nested.rest, offset);
    else if (!flow.isMade(path)) this.facts.columns.push(...usesOf(flow, path, offset));
  }

  /** A projection's bare field, which comes out at the same place if nothing changes it later on. */
  picked(flow: Flow, path: string, offset: number): void {
    if (flow.isMade(path)) this.field(flow, path, offset);
    else for (const use of usesOf(flow, path, offset)) flow.show(use);
  }

  /** Documents as a whole, as they are at this place. */
  document(flow: Flow, offset: number): void {
    if (flow.isWhole) this.everything(flow, offset);
    this.#joined(flow, offset);
  }

  /** Something that may depend on any field of the stored documents. */
  everything(flow: Flow, offset: number): void {
    if (flow.tables.length > 0) this.facts.columns.push(useOf(flow, '*', offset));
  }

  /** The documents that come out of a pipeline go somewhere else or, of the statement's own, to the reader. */
  end(flow: Flow, offset: number, to: 'reader' | 'statement'): void {
    const role = to === 'reader' && flow.isPlain ? 'shown' : 'used';
    this.facts.columns.push(...flow.shown.map((use) => ({ ...use, role }) as const));
    if (flow.isWhole) this.facts.columns.push({ ...useOf(flow, '*', offset), role });
    this.#joined(flow, offset);
  }

  #joined(flow: Flow, offset: number): void {
    for (const inner of flow.nested) {
      if (this.#read.has(inner)) continue;
      this.#read.add(inner);
      this.document(inner, offset);
    }
  }

  /** A flow's documents become the values of a field; which of their fields are read, later stages tell. */
  nest(flow: Flow, name: string, inner: Flow, offset: number): void {
    this.facts.columns.push(...inner.shown);
    if (!flow.nest(name, inner)) this.document(inner, offset);
  }

  #inside(inner: Flow, rest: string, offset: number): void {
    const path = rest.replace(/^\d+(\.|$)/, '');
    if (path === '') this.document(inner, offset);
    else this.field(inner, path, offset);
  }
}

/** `items.0.price` reads `items.price`, or a field whose name is 0. */
function usesOf(flow: Flow, path: string, offset: number): ColumnUse[] {
  const stripped = path.replace(POSITION, '');
  return [...new Set([path, stripped])].map((name) => useOf(flow, name, offset));
}

function useOf(flow: Flow, name: string, offset: number): ColumnUse {
  return { tables: flow.tables, isQualified: false, name, role: 'used', offset };
}
