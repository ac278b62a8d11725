import type { DuckDBStructType, DuckDBStructVector, DuckDBType, DuckDBValue, DuckDBVector } from '@duckdb/node-api';
import { scalarWriter, TYPE } from './scalars.ts';

/** A nested value as the text of a JSON document; integers and decimals in it have all their digits. */
interface DocumentWriter {
  /** Of a column's cell; null for NULL. */
  at(vector: DuckDBVector | undefined, row: number): string | null;
}

/** A type's value within a document. */
type PartWriter = (value: DuckDBValue) => string;

/** Undefined for a type that is none of nested values. */
export function documentWriter(type: DuckDBType): DocumentWriter | undefined {
  if (isStruct(type)) return structWriter(type);
  if (!NESTED.has(Number(type.typeId))) return undefined;
  const part = partWriter(type);
  return {
    at: (vector, row) => {
      const value = vector?.getItem(row) ?? null;
      return value === null ? null : part(value);
    },
  };
}

const NESTED: ReadonlySet<number> = new Set([TYPE.LIST, TYPE.MAP, TYPE.UNION, TYPE.ARRAY, TYPE.VARIANT]);

const isStruct = (type: DuckDBType): type is DuckDBStructType => Number(type.typeId) === TYPE.STRUCT;

/** Field by field: the driver's value of a whole struct loses fields that have no name. */
function structWriter(type: DuckDBStructType): DocumentWriter {
  const fields = type.entryTypes.map((entry) => {
    const inner = documentWriter(entry);
    const part = partWriter(entry);
    return (vector: DuckDBVector, row: number) =>
      inner === undefined ? part(vector.getItem(row)) : (inner.at(vector, row) ?? 'null');
  });
  return {
    at: (vector, row) => {
      const struct = vector as DuckDBStructVector | undefined;
      if (struct === undefined || !struct.isItemValid(row)) return null;
      return structText(
        type,
        fields.map((field, index) => field(struct.entryVectorAt(index), row)),
      );
    },
  };
}

/** `row(1, 'a')` has no names: it is written as a list. */
function structText({ entryNames }: DuckDBStructType, texts: readonly string[]): string {
  if (entryNames.every((name) => name === '')) return `[${texts.join(',')}]`;
  return `{${texts.map((text, index) => `${JSON.stringify(entryNames[index])}:${text}`).join(',')}}`;
}

function partWriter(type: DuckDBType): PartWriter {
  const write = plainPartWriter(type);
  return (value) => (value === null ? 'null' : write(value));
}

function plainPartWriter(type: DuckDBType): PartWriter {
  switch (Number(type.typeId)) {
    case TYPE.LIST:
    case TYPE.ARRAY:
      return listPart(type);
    case TYPE.STRUCT:
      return structPart(type);
    case TYPE.MAP:
      return mapPart(type);
    case TYPE.UNION:
      return unionPart(type);
    case TYPE.VARIANT:
      return variantPart;
    case TYPE.VARCHAR:
      // A JSON value is a part of the document as it is.
      return type.alias === 'JSON' ? String : (value) => JSON.stringify(value);
    default:
      return scalarPart(type);
  }
}

/** Numbers are written with all their digits, which JSON allows. */
function scalarPart(type: DuckDBType): PartWriter {
  const scalar = scalarWriter(type);
  return (value) => {
    if (typeof value === 'bigint') return String(value);
    const isDecimal = typeof value === 'object' && value !== null && 'scale' in value;
    return isDecimal ? value.toString() : value === null ? 'null' : scalar(value);
  };
}

function listPart(type: DuckDBType): PartWriter {
  const item = 'valueType' in type ? partWriter(type.valueType) : partWriter(type);
  return (value) => {
    const items = typeof value === 'object' && value !== null && 'items' in value ? value.items : [];
    return `[${items.map(item).join(',')}]`;
  };
}

function structPart(type: DuckDBType): PartWriter {
  if (!isStruct(type)) throw new TypeError('No struct.');
  if (new Set(type.entryNames).size < type.entryNames.length) {
    throw new Error('Not implemented Error: A list of structs without names cannot be shown; name their fields.');
  }
  const fields = type.entryTypes.map(partWriter);
  return (value) => {
    const entries = typeof value === 'object' && value !== null && 'entries' in value ? value.entries : {};
    const byName = new Map<string, DuckDBValue>(Object.entries(entries));
    return structText(
      type,
      fields.map((field, index) => field(byName.get(type.entryNames[index] ?? '') ?? null)),
    );
  };
}

function mapPart(type: DuckDBType): PartWriter {
  if (!('keyType' in type)) throw new TypeError('No map.');
  const [key, item] = [partWriter(type.keyType), partWriter(type.valueType)];
  const name = (text: string): string => (text.startsWith('"') ? text : JSON.stringify(text));
  return (value) => {
    const entries = typeof value === 'object' && value !== null && 'entries' in value ? value.entries : [];
    if (!Array.isArray(entries)) return '{}';
    return `{${entries.map((entry) => `${name(key(entry.key))}:${item(entry.value)}`).join(',')}}`;
  };
}

/** The member's name and its value, as DuckDB's to_json writes it. */
function unionPart(type: DuckDBType): PartWriter {
  if (!('memberTags' in type)) throw new TypeError('No union.');
  const members = new Map(type.memberTags.map((tag, index) => [tag, type.memberTypes[index]]));
  return (value) => {
    if (typeof value !== 'object' || value === null || !('tag' in value)) return 'null';
    const member = members.get(value.tag);
    return `{${JSON.stringify(value.tag)}:${member === undefined ? 'null' : partWriter(member)(value.value)}}`;
  };
}

/** Each value says its own type. */
function variantPart(value: DuckDBValue): string {
  if (typeof value !== 'object' || value === null || !('value' in value)) return 'null';
  if (value.value === null) return 'null';
  return 'type' in value && value.type !== undefined
    ? partWriter(value.type)(value.value)
    : JSON.stringify(String(value.value));
}
