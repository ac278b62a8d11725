import { Refused } from '../../classify.ts';
import type { Cursor } from '../../parsing/cursor.ts';
import { words } from '../../words.ts';

/** Snowflake's types and their synonyms (SQL reference, 2026-07). A type that somebody made is not among them. */
const TYPES = words(`
  ARRAY BIGINT BINARY BOOLEAN BYTEINT CHAR CHARACTER DATE DATETIME DECFLOAT DECIMAL DOUBLE FLOAT FLOAT4 FLOAT8
  GEOGRAPHY GEOMETRY INT INTEGER INTERVAL MAP NCHAR NTEXT NUMBER NUMERIC NVARCHAR NVARCHAR2 OBJECT REAL SMALLINT STRING
  TEXT TIME TIMESTAMP TIMESTAMPLTZ TIMESTAMPNTZ TIMESTAMPTZ TIMESTAMP_LTZ TIMESTAMP_NTZ TIMESTAMP_TZ TINYINT UUID
  VARBINARY VARCHAR VARCHAR2 VARIANT VECTOR DEC BOOL
`);

/** Those that may stand before a text, to make a value of it. */
export const LITERAL_TYPES = words(`
  DATE DATETIME INTERVAL TIME TIMESTAMP TIMESTAMPLTZ TIMESTAMPNTZ TIMESTAMPTZ TIMESTAMP_LTZ TIMESTAMP_NTZ TIMESTAMP_TZ
`);

export function isTypeName(text: string): boolean {
  return TYPES.has(text);
}

/** @throws Refused at a type that is not Snowflake's own */
export function parseType(cursor: Cursor): void {
  cursor.nested(() => {
    const { text, kind, offset } = cursor.peek();
    if (kind !== 'keyword' || !TYPES.has(text)) refuseType(cursor, offset);
    cursor.take();
    if (text === 'DOUBLE') cursor.accept('PRECISION');
    cursor.accept('VARYING');
    if (text === 'INTERVAL') parseIntervalUnits(cursor);
    if (cursor.accept('(')) parseParameters(cursor, text);
    parseZone(cursor);
    if (cursor.at('COLLATE') && cursor.peek(1).kind === 'string') {
      cursor.take();
      cursor.take();
    }
  });
}

function refuseType(cursor: Cursor, offset: number): never {
  if (!cursor.atName()) cursor.fail('expected a type');
  throw new Refused({
    code: 'CONSTRUCT_NOT_ALLOWED',
    reason: 'The statement casts to a type that is not one of Snowflake’s own.',
    hint: 'Cast to a built-in type.',
    offset,
  });
}

/** Numbers, the types of elements, or the names and types of fields. */
function parseParameters(cursor: Cursor, type: string): void {
  while (!cursor.at(')')) {
    if (cursor.peek().kind === 'number') cursor.take();
    else {
      if (type === 'OBJECT') {
        if (cursor.peek().kind === 'string') cursor.take();
        else cursor.name();
      }
      parseType(cursor);
    }
    cursor.accept('NOT', 'NULL');
    if (!cursor.accept(',')) break;
  }
  cursor.expect(')');
}

function parseZone(cursor: Cursor): void {
  if (cursor.accept('WITHOUT', 'TIME', 'ZONE')) return;
  if (!cursor.accept('WITH', 'LOCAL', 'TIME', 'ZONE')) cursor.accept('WITH', 'TIME', 'ZONE');
}

const UNITS = words('YEAR MONTH DAY HOUR MINUTE SECOND');

/** `DAY`, `DAY (3)`, `YEAR TO MONTH`. */
export function parseIntervalUnits(cursor: Cursor): void {
  if (!cursor.atAny(UNITS)) return;
  do {
    cursor.take();
    if (cursor.at('(') && cursor.peek(1).kind === 'number' && cursor.at(')', 2)) {
      cursor.take();
      cursor.take();
      cursor.take();
    }
  } while (cursor.at('TO') && cursor.atAny(UNITS, 1) && cursor.accept('TO'));
}
