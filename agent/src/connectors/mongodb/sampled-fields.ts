import type { Document } from 'mongodb';
import type { SchemaColumn } from '#core/schema.ts';
import { type BsonType, commonType, kindOf, typeOf } from './cells.ts';
import { tagged } from './ejson.ts';

/** Documents whose keys are data (a map by user) have no end of fields. */
const MAX_FIELDS = 400;
const MAX_DEPTH = 6;

interface Field {
  readonly types: Set<BsonType>;
  readonly itemTypes: Set<BsonType>;
  readonly inner: Fields;
  /** How often it was there with a value. */
  present: number;
}

/** The fields of documents at one place, and how many documents there were. */
interface Fields {
  readonly byName: Map<string, Field>;
  documents: number;
}

/** Which fields documents have, by some of them. Paths leave out the positions in arrays: `items.price`. */
export class SampledFields {
  readonly #fields = noFields();
  #count = 0;

  add(document: Document): void {
    this.#addTo(this.#fields, document, 1);
  }

  columns(): SchemaColumn[] {
    return [...columnsOf(this.#fields, { prefix: '', isOptional: false })];
  }

  #addTo(fields: Fields, document: Document, depth: number): void {
    fields.documents++;
    for (const [name, value] of Object.entries(document)) {
      const field = fields.byName.get(name) ?? this.#newField(fields, name);
      const type = typeOf(value);
      if (field === undefined || type === null) continue;
      field.present++;
      field.types.add(type);
      if (depth < MAX_DEPTH) this.#addInner(field, value, depth + 1);
    }
  }

  #addInner(field: Field, value: unknown, depth: number): void {
    if (!Array.isArray(value)) {
      if (isDocument(value)) this.#addTo(field.inner, value, depth);
      return;
    }
    for (const item of value) {
      const type = typeOf(item);
      if (type !== null) field.itemTypes.add(type);
      if (isDocument(item)) this.#addTo(field.inner, item, depth);
    }
  }

  #newField(fields: Fields, name: string): Field | undefined {
    if (++this.#count > MAX_FIELDS) return undefined;
    const field = { types: new Set<BsonType>(), itemTypes: new Set<BsonType>(), inner: noFields(), present: 0 };
    fields.byName.set(name, field);
    return field;
  }
}

const noFields = (): Fields => ({ byName: new Map(), documents: 0 });

const isDocument = (value: unknown): value is Document =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Date) &&
  tagged(value) === null;

interface Above {
  readonly prefix: string;
  readonly isOptional: boolean;
}

function* columnsOf(fields: Fields, { prefix, isOptional }: Above): Generator<SchemaColumn> {
  for (const [name, field] of fields.byName) {
    const path = `${prefix}${name}`;
    const nullable = isOptional || field.present < fields.documents;
    const common = commonType(field.types);
    yield {
      name: path,
      type: typeText(field),
      kind: common === '' ? 'other' : common === 'mixed' ? 'json' : kindOf(common),
      nullable,
      comment: null,
    };
    yield* columnsOf(field.inner, { prefix: `${path}.`, isOptional: nullable || field.types.has('array') });
  }
}

/** `string`, `int | string`, `array<object>`; empty where nothing but null was seen. */
function typeText({ types, itemTypes }: Field): string {
  const items = [...itemTypes].toSorted().join(' | ');
  return [...types]
    .toSorted()
    .map((type) => (type === 'array' && items !== '' ? `array<${items}>` : type))
    .join(' | ');
}
