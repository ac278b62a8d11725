import type { Document } from 'mongodb';
import { CustardError } from '#core/errors.ts';
import type { Mask } from '#core/policy/mask.ts';
import type { Column, ValueKind } from '#core/values.ts';
import { maskedColumn } from '../masking.ts';
import { type BsonType, cellJson, commonType, jsonCell, kindOf, typeOf } from './cells.ts';
import { toEjson } from './ejson.ts';

interface FirstDocuments {
  /** Those that come first, by which the columns are chosen. */
  readonly documents: readonly Document[];
  /** Whether there are no others. */
  readonly isAll: boolean;
  /** What the statement says of the fields, where it does. */
  readonly fields: readonly string[] | null;
  readonly maskOf: (path: string) => Mask | undefined;
}

/** Holds what a document has besides the columns. */
const MORE = '_more';

/**
 * The columns of a result: the fields that the statement names, or else those of the first documents in the order in
 * which they appear, and a last one for whatever later documents have besides.
 */
export class ResultColumns {
  readonly columns: readonly Column[];
  readonly #names: readonly string[];
  readonly #known: ReadonlySet<string>;
  readonly #isJson: readonly boolean[];
  readonly #hasMore: boolean;

  constructor({ documents, isAll, fields, maskOf }: FirstDocuments) {
    this.#names = fields ?? [...new Set(documents.flatMap((document) => Object.keys(document)))];
    this.#known = new Set(this.#names);
    this.#hasMore = fields === null && !isAll;
    const typed = this.#names.map((name) => columnOf(name, documents));
    this.columns = [
      ...typed.map((column) => maskedColumn(column, maskOf(column.name) ?? null)),
      ...(this.#hasMore ? [{ name: freeName(this.#known), type: 'object', kind: 'json' } as const] : []),
    ];
    this.#isJson = this.columns.map(({ kind }) => kind === 'json');
  }

  /** A document as a row's JSON. */
  row(document: Document): string {
    const cells = this.#names.map((name, index) => {
      const value: unknown = Object.hasOwn(document, name) ? document[name] : null;
      return this.#isJson[index] ? jsonCell(value) : cellJson(value);
    });
    const others = Object.keys(document).filter((name) => !this.#known.has(name));
    if (this.#hasMore) cells.push(moreCell(document, others));
    else if (others.length > 0) throw unexpectedField();
    return `[${cells.join(',')}]`;
  }
}

function columnOf(name: string, documents: readonly Document[]): Column {
  const types = new Set<BsonType>();
  for (const document of documents) {
    const type = Object.hasOwn(document, name) ? typeOf(document[name]) : null;
    if (type !== null) types.add(type);
  }
  const type = commonType(types);
  return { name, type, kind: kindOfColumn(type) };
}

function kindOfColumn(type: BsonType | 'mixed' | ''): ValueKind {
  if (type === '') return 'other';
  return type === 'mixed' ? 'json' : kindOf(type);
}

function moreCell(document: Document, names: readonly string[]): string {
  if (names.length === 0) return 'null';
  const fields = names.map((name) => `${JSON.stringify(name)}:${toEjson(document[name])}`);
  return JSON.stringify(`{${fields.join(',')}}`);
}

function freeName(taken: ReadonlySet<string>): string {
  let name = MORE;
  while (taken.has(name)) name += '_';
  return name;
}

/** The statement was read wrongly here: rather no result than one with something missing. */
const unexpectedField = (): CustardError =>
  new CustardError('QUERY_FAILED', 'A document has a field that the statement does not name.', {
    hint: 'End the pipeline with a $project that names the fields.',
  });
