import type { ValueKind } from '#core/values.ts';
import { FORM } from '../rows/row-encoder.ts';

export interface PostgresType {
  /** As in pg_type, arrays written int4[]. */
  readonly name: string;
  readonly kind: ValueKind;
}

/** Types whose text form is JSON as it stands, by oid: int2, int4, oid, float4, float8; and boolean. */
const FORMS: ReadonlyMap<number, number> = new Map([
  [16, FORM.boolean],
  [21, FORM.number],
  [23, FORM.number],
  [26, FORM.number],
  [700, FORM.number],
  [701, FORM.number],
]);

/** How a column of this type is encoded; a domain's oid is its base type's on the wire. */
export const formOf = (typeOid: number): number => FORMS.get(typeOid) ?? FORM.string;

/** The types nearly every result is made of; the others are looked up in the catalog when first met. */
const COMMON: readonly (readonly [oid: number, arrayOid: number, name: string])[] = [
  [16, 1000, 'bool'],
  [17, 1001, 'bytea'],
  [18, 1002, 'char'],
  [19, 1003, 'name'],
  [20, 1016, 'int8'],
  [21, 1005, 'int2'],
  [23, 1007, 'int4'],
  [25, 1009, 'text'],
  [26, 1028, 'oid'],
  [114, 199, 'json'],
  [142, 143, 'xml'],
  [700, 1021, 'float4'],
  [701, 1022, 'float8'],
  [790, 791, 'money'],
  [869, 1041, 'inet'],
  [650, 651, 'cidr'],
  [1042, 1014, 'bpchar'],
  [1043, 1015, 'varchar'],
  [1082, 1182, 'date'],
  [1083, 1183, 'time'],
  [1114, 1115, 'timestamp'],
  [1184, 1185, 'timestamptz'],
  [1186, 1187, 'interval'],
  [1266, 1270, 'timetz'],
  [1700, 1231, 'numeric'],
  [2950, 2951, 'uuid'],
  [3802, 3807, 'jsonb'],
];

const KINDS: Readonly<Record<string, ValueKind>> = {
  bool: 'boolean',
  int2: 'integer',
  int4: 'integer',
  int8: 'integer',
  oid: 'integer',
  float4: 'float',
  float8: 'float',
  numeric: 'decimal',
  money: 'other',
  char: 'text',
  name: 'text',
  text: 'text',
  varchar: 'text',
  bpchar: 'text',
  citext: 'text',
  date: 'date',
  time: 'time',
  timetz: 'time',
  timestamp: 'timestamp',
  timestamptz: 'timestamp',
  interval: 'interval',
  uuid: 'uuid',
  json: 'json',
  jsonb: 'json',
  bytea: 'binary',
};

/** pg_type's typcategory, for the types KINDS does not name. */
const CATEGORY_KINDS: Readonly<Record<string, ValueKind>> = { A: 'array', S: 'text', E: 'text' };

export const kindOf = (typeName: string, category: string): ValueKind =>
  (category === 'A' ? 'array' : KINDS[typeName]) ?? CATEGORY_KINDS[category] ?? 'other';

export function commonTypes(): Map<number, PostgresType> {
  const types = new Map<number, PostgresType>();
  for (const [oid, arrayOid, name] of COMMON) {
    types.set(oid, { name, kind: kindOf(name, '') });
    types.set(arrayOid, { name: `${name}[]`, kind: 'array' });
  }
  return types;
}
