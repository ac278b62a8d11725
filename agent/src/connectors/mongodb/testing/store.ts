import { Aggregator, Query } from 'mingo';
import type { Document } from 'mongodb';
import { Failure } from './failure.ts';

export interface View {
  readonly viewOn: string;
  readonly pipeline: Document[];
}

export interface Collection {
  /** Made anew for each look, so that a large collection needs no memory. */
  readonly documents: () => Iterable<Document>;
  readonly count: number;
  readonly indexes: readonly Document[];
}

/** What the emulator holds of one database. mingo does what MongoDB's query language says. */
export class Store {
  readonly collections = new Map<string, Collection>();
  readonly views = new Map<string, View>();

  add(name: string, documents: Document[], indexes: readonly Document[] = []): void {
    this.collections.set(name, { documents: () => documents, count: documents.length, indexes });
  }

  aggregate(name: string, pipeline: readonly Document[], variables: Document = {}): Iterable<Document> {
    const [first, ...others] = pipeline;
    // mingo reads a collection to its end for this; here the first documents will do.
    const size = first?.['$sample']?.size;
    if (size !== undefined) return this.aggregate(name, [{ $limit: size }, ...others], variables);
    const [last] = pipeline.slice(-1);
    const target = last?.['$out'] ?? last?.['$merge'];
    if (target !== undefined) return this.#write(name, pipeline, target);
    return rowsOf(new Aggregator([...pipeline], this.#options(variables)).stream(this.read(name)));
  }

  find(name: string, command: Document): Iterable<Document> {
    const { filter = {}, projection = {}, sort, skip, limit } = command;
    const found = new Query(filter, this.#options(command['let'])).find<Document>(this.read(name), projection);
    if (sort !== undefined) found.sort(sort);
    if (skip !== undefined) found.skip(skip);
    if (limit !== undefined && limit > 0) found.limit(limit);
    return rowsOf(found[Symbol.iterator]());
  }

  read(name: string): Iterable<Document> {
    const view = this.views.get(name);
    if (view !== undefined) return this.aggregate(view.viewOn, view.pipeline);
    return this.collections.get(name)?.documents() ?? [];
  }

  /** As the server does it, so that a test sees what a write leaves behind. */
  #write(name: string, pipeline: readonly Document[], target: unknown): Iterable<Document> {
    const documents = [...this.aggregate(name, pipeline.slice(0, -1))];
    const named = Object(target);
    const into = typeof target === 'string' ? target : (named.into?.coll ?? named.into ?? named.coll);
    if (typeof into !== 'string') throw new Failure(2, 'BadValue', 'It has to be said where to write.');
    this.add(into, documents);
    return [];
  }

  #options(variables: Document | undefined): object {
    return {
      collectionResolver: (name: string) => [...this.read(name)],
      ...(variables === undefined ? {} : { variables }),
    };
  }
}

/** mingo's iterators, as the language's. */
function* rowsOf(rows: { next(): { readonly done: boolean; readonly value?: unknown } }): Generator<Document> {
  for (let row = rows.next(); !row.done; row = rows.next()) yield Object(row.value);
}
