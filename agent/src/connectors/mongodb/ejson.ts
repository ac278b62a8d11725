import type { Binary, BSONRegExp, Code, DBRef, Decimal128, Double, Int32, Long, ObjectId, Timestamp } from 'mongodb';
import { CustardError } from '#core/errors.ts';

/** A value as the driver gives it with promoteValues off: each BSON type has a class of its own. */
type Tagged =
  | Binary
  | BSONRegExp
  | Code
  | DBRef
  | Decimal128
  | Double
  | Int32
  | Long
  | ObjectId
  | Timestamp
  | { readonly _bsontype: 'BSONSymbol'; readonly value: string }
  | { readonly _bsontype: 'MinKey' | 'MaxKey' };

/** A stored document may have a field called _bsontype; the driver's classes have it in their prototype. */
export function tagged(value: object): Tagged | null {
  return '_bsontype' in value && !Object.hasOwn(value, '_bsontype') ? (value as Tagged) : null;
}

/**
 * A value as Extended JSON v2, relaxed. An int64 that a double does not hold is written {"$numberLong": …}, which
 * every reader takes for what it is. https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/
 */
export function toEjson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
      return String(value);
    case 'number':
      return doubleJson(value);
    default:
      return typeof value === 'object' && value !== null ? objectEjson(value) : 'null';
  }
}

function objectEjson(value: object): string {
  if (Array.isArray(value)) return `[${value.map(toEjson).join(',')}]`;
  if (value instanceof Date) return JSON.stringify({ $date: isRelaxed(value) ? isoDate(value) : canonicalDate(value) });
  const special = tagged(value);
  return special === null ? documentEjson(value) : taggedEjson(special);
}

function documentEjson(value: object): string {
  return `{${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}:${toEjson(inner)}`)
    .join(',')}}`;
}

function taggedEjson(value: Tagged): string {
  switch (value._bsontype) {
    case 'Int32':
      return String(value.value);
    case 'Double':
      return doubleJson(value.value);
    case 'Long':
      return isSafe(value) ? value.toString() : JSON.stringify({ $numberLong: value.toString() });
    case 'Decimal128':
      return JSON.stringify({ $numberDecimal: value.toString() });
    case 'ObjectId':
      return JSON.stringify({ $oid: value.toHexString() });
    case 'Binary':
      return JSON.stringify(binaryEjson(value));
    case 'BSONRegExp':
      return JSON.stringify({ $regularExpression: { pattern: value.pattern, options: value.options } });
    case 'Timestamp':
      return JSON.stringify({ $timestamp: { t: value.t, i: value.i } });
    case 'BSONSymbol':
      return JSON.stringify({ $symbol: value.value });
    case 'DBRef':
      return documentEjson(referenceDocument(value));
    case 'Code':
      return documentEjson(codeDocument(value));
    case 'MinKey':
      return '{"$minKey":1}';
    case 'MaxKey':
      return '{"$maxKey":1}';
    default:
      return value satisfies never;
  }
}

function referenceDocument({ collection, oid, db, fields }: DBRef): object {
  return { $ref: collection, $id: oid, ...(db === undefined ? {} : { $db: db }), ...fields };
}

const codeDocument = ({ code, scope }: Code): object => ({
  $code: code.toString(),
  ...(scope === null ? {} : { $scope: scope }),
});

/** The types that hold other values are documents to who looks for those. */
export function documentOf(value: Tagged): object | null {
  if (value._bsontype === 'DBRef') return referenceDocument(value);
  return value._bsontype === 'Code' ? codeDocument(value) : null;
}

const UUID = 4;

function binaryEjson(value: Binary): object {
  if (isUuid(value)) return { $uuid: uuidText(value) };
  return {
    $binary: {
      base64: Buffer.from(value.value()).toString('base64'),
      subType: value.sub_type.toString(16).padStart(2, '0'),
    },
  };
}

export const isUuid = (value: Binary): boolean => value.sub_type === UUID && value.length() === 16;

export function uuidText(value: Binary): string {
  const hex = Buffer.from(value.value()).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const isSafe = (value: Long): boolean => Number.isSafeInteger(value.toNumber());

/** JSON has a minus zero, and neither infinities nor NaN. */
function doubleJson(value: number): string {
  if (Number.isFinite(value)) return numberText(value);
  return JSON.stringify({ $numberDouble: String(value) });
}

export const numberText = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

const YEAR_10000 = 253_402_300_800_000;
const isRelaxed = (date: Date): boolean => date.getTime() >= 0 && date.getTime() < YEAR_10000;
const canonicalDate = (date: Date): object => {
  isoDate(date);
  return { $numberLong: String(date.getTime()) };
};

/** BSON dates reach further than JavaScript's, whose end is the year 275760. */
export function isoDate(date: Date): string {
  if (!Number.isNaN(date.getTime())) return date.toISOString();
  throw new CustardError('QUERY_FAILED', 'A document holds a date beyond the years that can be shown.', {
    hint: 'Show it as a number of milliseconds: {"$toLong": "$field"}.',
  });
}
