import type { Column, ValueKind } from '#core/values.ts';
import { FORM } from '../rows/row-encoder.ts';
import type { Field } from './packets.ts';

/** What a result's column is to us. */
export interface FieldType {
  /** As information_schema calls it. */
  readonly name: string;
  readonly kind: ValueKind;
  readonly form: number;
  /** Its bytes are no text: they are shown as \x and hexadecimal digits. */
  readonly isBinary: boolean;
}

const FLAG = { unsigned: 0x20, enum: 0x100, set: 0x800 } as const;
const BINARY_CHARSET = 63;

/** The protocol's types. https://dev.mysql.com/doc/dev/mysql-server/latest/field__types_8h.html */
const TYPE = {
  tiny: 1,
  null: 6,
  string: 254,
} as const;

interface Plain {
  readonly name: string;
  readonly kind: ValueKind;
  readonly isNumber?: true;
  readonly isBinary?: true;
}

const whole = (name: string): Plain => ({ name, kind: 'integer', isNumber: true });
const PLAIN: Readonly<Record<number, Plain>> = {
  0: { name: 'decimal', kind: 'decimal' },
  1: whole('tinyint'),
  2: whole('smallint'),
  3: whole('int'),
  4: { name: 'float', kind: 'float', isNumber: true },
  5: { name: 'double', kind: 'float', isNumber: true },
  6: { name: 'null', kind: 'other' },
  7: { name: 'timestamp', kind: 'timestamp' },
  8: { name: 'bigint', kind: 'integer' },
  9: whole('mediumint'),
  10: { name: 'date', kind: 'date' },
  11: { name: 'time', kind: 'time' },
  12: { name: 'datetime', kind: 'timestamp' },
  13: whole('year'),
  14: { name: 'date', kind: 'date' },
  16: { name: 'bit', kind: 'binary', isBinary: true },
  242: { name: 'vector', kind: 'binary', isBinary: true },
  245: { name: 'json', kind: 'json' },
  246: { name: 'decimal', kind: 'decimal' },
  255: { name: 'geometry', kind: 'binary', isBinary: true },
};

/** Texts and bytes: the same types on the wire. */
const BLOBS: ReadonlySet<number> = new Set([249, 250, 251, 252]);

export function fieldType(field: Field): FieldType {
  const plain = PLAIN[field.type];
  if (plain === undefined) return stringType(field);
  const isUnsigned = (field.flags & FLAG.unsigned) !== 0 && (plain.kind === 'integer' || plain.kind === 'decimal');
  const name = field.extendedType || plain.name;
  return {
    name: isUnsigned && name !== 'year' ? `${name} unsigned` : name,
    // How MySQL and MariaDB store what is declared BOOLEAN.
    kind: field.type === TYPE.tiny && field.length === 1 && !isUnsigned ? 'boolean' : plain.kind,
    form: plain.isNumber === true ? FORM.number : FORM.string,
    isBinary: plain.isBinary === true,
  };
}

function stringType({ type, charset, flags, extendedType, format }: Field): FieldType {
  const isBinary = charset === BINARY_CHARSET;
  const form = FORM.string;
  if (format === 'json') return { name: 'json', kind: 'json', form, isBinary: false };
  if (extendedType !== '') return { name: extendedType, kind: kindOf(extendedType), form, isBinary };
  if ((flags & FLAG.enum) !== 0) return { name: 'enum', kind: 'text', form, isBinary: false };
  if ((flags & FLAG.set) !== 0) return { name: 'set', kind: 'text', form, isBinary: false };
  const [text, bytes] = BLOBS.has(type)
    ? ['text', 'blob']
    : type === TYPE.string
      ? ['char', 'binary']
      : ['varchar', 'varbinary'];
  return isBinary ? { name: bytes, kind: 'binary', form, isBinary } : { name: text, kind: 'text', form, isBinary };
}

export const columnOf = ({ name }: Field, type: FieldType): Column => ({ name, type: type.name, kind: type.kind });

const KINDS: Readonly<Record<string, ValueKind>> = {
  tinyint: 'integer',
  smallint: 'integer',
  mediumint: 'integer',
  int: 'integer',
  bigint: 'integer',
  year: 'integer',
  float: 'float',
  double: 'float',
  decimal: 'decimal',
  date: 'date',
  time: 'time',
  datetime: 'timestamp',
  timestamp: 'timestamp',
  json: 'json',
  uuid: 'uuid',
  inet4: 'text',
  inet6: 'text',
  char: 'text',
  varchar: 'text',
  tinytext: 'text',
  text: 'text',
  mediumtext: 'text',
  longtext: 'text',
  enum: 'text',
  set: 'text',
  bit: 'binary',
  binary: 'binary',
  varbinary: 'binary',
  tinyblob: 'binary',
  blob: 'binary',
  mediumblob: 'binary',
  longblob: 'binary',
  vector: 'binary',
  geometry: 'binary',
  point: 'binary',
  linestring: 'binary',
  polygon: 'binary',
  multipoint: 'binary',
  multilinestring: 'binary',
  multipolygon: 'binary',
  geometrycollection: 'binary',
  geomcollection: 'binary',
};

/** By information_schema's DATA_TYPE. */
export const kindOf = (dataType: string): ValueKind => KINDS[dataType] ?? 'other';
