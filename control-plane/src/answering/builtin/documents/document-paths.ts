import type { Expression, Instance, Select } from '../logical-form.ts';
import { CannotWrite } from './cannot-write.ts';
import type { DocumentSource, RelationalView } from './relational-view.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type Stage = { readonly [key: string]: Json };
type ColumnExpression = Extract<Expression, { kind: 'column' }>;

/** Where the documents of each joined table lie within the documents of the pipeline. */
export class DocumentPaths {
  readonly #prefixes = new Map<Instance, string>();
  readonly #sources: ReadonlyMap<string, DocumentSource>;
  readonly #taken = new Set<string>();

  constructor(select: Select, { sources, schema }: RelationalView) {
    this.#sources = sources;
    for (const { columns } of schema.tables)
      for (const { name } of columns) this.#taken.add(name.split('.')[0] ?? name);
    this.#prefixes.set(select.root, '');
  }

  source(instance: Instance): DocumentSource {
    const source = this.#sources.get(instance.table.table.name);
    if (source === undefined) throw new CannotWrite('a table that is no collection');
    return source;
  }

  prefix(instance: Instance): string {
    return this.#prefixes.get(instance) ?? '';
  }

  place(instance: Instance, prefix: string): void {
    this.#prefixes.set(instance, prefix);
  }

  /** A field of documents that none of them has yet. */
  fresh(name: string): string {
    const base = name.replaceAll(/[^\p{L}\p{N}]+/gu, '_');
    let field = base;
    for (let n = 2; this.#taken.has(field); n++) field = `${base}_${n}`;
    this.#taken.add(field);
    return field;
  }

  path({ instance, column }: ColumnExpression): string {
    return `${this.prefix(instance)}${column.column.name}`;
  }
}
