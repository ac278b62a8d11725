import type { ValueKind } from '#core/values.ts';
import { isoDate, isUuid, numberText, tagged, toEjson, uuidText } from './ejson.ts';

/** The name $type gives it, or uuid for binary data that is one. */
export type BsonType = keyof typeof KINDS;

/** Types by the names that MongoDB's $type has for them, and what they are in every engine's eyes. */
const KINDS = {
  string: 'text',
  bool: 'boolean',
  int: 'integer',
  long: 'integer',
  double: 'float',
  decimal: 'decimal',
  date: 'timestamp',
  objectId: 'other',
  uuid: 'uuid',
  binData: 'binary',
  object: 'json',
  array: 'json',
  dbPointer: 'json',
  symbol: 'text',
  regex: 'other',
  timestamp: 'other',
  javascript: 'other',
  minKey: 'other',
  maxKey: 'other',
} as const satisfies Record<string, ValueKind>;

export const kindOf = (type: BsonType): ValueKind => KINDS[type];

const BY_CLASS: Readonly<Record<string, BsonType>> = {
  Int32: 'int',
  Long: 'long',
  Double: 'double',
  Decimal128: 'decimal',
  ObjectId: 'objectId',
  BSONRegExp: 'regex',
  Timestamp: 'timestamp',
  BSONSymbol: 'symbol',
  DBRef: 'object',
  Code: 'javascript',
  MinKey: 'minKey',
  MaxKey: 'maxKey',
};

/** Null for null, and for what is missing. */
export function typeOf(value: unknown): BsonType | null {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return 'double';
  if (typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value)) return 'array';
  if (value instanceof Date) return 'date';
  const special = tagged(value);
  if (special === null) return 'object';
  if (special._bsontype === 'Binary') return isUuid(special) ? 'uuid' : 'binData';
  return BY_CLASS[special._bsontype] ?? 'object';
}

/** Of several types in one column the one that holds them all; mixed where no one does. */
export function commonType(types: ReadonlySet<BsonType>): BsonType | 'mixed' | '' {
  const [first, ...others] = types;
  if (first === undefined) return '';
  if (others.length === 0) return first;
  const widest = NUMBERS.findLast((type) => types.has(type));
  return widest !== undefined && [...types].every((type) => NUMBERS.includes(type)) ? widest : 'mixed';
}

const NUMBERS: readonly BsonType[] = ['int', 'long', 'double', 'decimal'];

/** A value's text, without what JSON puts around it; null for null and for what is missing. */
export function cellText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return null;
  if (typeof value !== 'object') return String(value);
  if (value instanceof Date) return isoDate(value);
  const special = tagged(value);
  switch (special?._bsontype) {
    case 'Int32':
    case 'Double':
      return numberText(special.value);
    case 'Long':
    case 'Decimal128':
      return special.toString();
    case 'ObjectId':
      return special.toHexString();
    case 'Binary':
      return isUuid(special) ? uuidText(special) : `\\x${Buffer.from(special.value()).toString('hex')}`;
    case 'BSONSymbol':
      return special.value;
    default:
      return toEjson(value);
  }
}

/** A value as a cell's JSON: int32 and finite doubles are numbers, booleans themselves, all else is text. */
export function cellJson(value: unknown): string {
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'object' && value !== null) {
    const special = tagged(value);
    const isNumber =
      special?._bsontype === 'Int32' || (special?._bsontype === 'Double' && Number.isFinite(special.value));
    if (isNumber) return numberText(special.value);
  }
  return JSON.stringify(cellText(value));
}

/** The same in a column of kind json, where every cell is the text of a JSON value. */
export const jsonCell = (value: unknown): string =>
  value === null || value === undefined ? 'null' : JSON.stringify(toEjson(value));
