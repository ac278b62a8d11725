import { type Magnitude, parseList } from '../../parsing/parsing.ts';
import type { Scope } from '../../parsing/scope.ts';
import { words } from '../../words.ts';
import type { MysqlParsing } from './context.ts';

const TYPES = words(`
  BIGINT BINARY BIT BLOB BOOL BOOLEAN BYTE CHAR CHARACTER DATE DATETIME DEC DECIMAL DOUBLE ENUM FIXED FLOAT FLOAT4
  FLOAT8 GEOMCOLLECTION GEOMETRY GEOMETRYCOLLECTION INET4 INET6 INT INT1 INT2 INT3 INT4 INT8 INTEGER INTERVAL JSON
  LINESTRING LONG LONGBLOB LONGTEXT MEDIUMBLOB MEDIUMINT MEDIUMTEXT MIDDLEINT MULTILINESTRING MULTIPOINT MULTIPOLYGON
  NATIONAL NCHAR NUMBER NUMERIC NVARCHAR POINT POLYGON REAL SERIAL SET SIGNED SMALLINT TEXT TIME TIMESTAMP TINYBLOB
  TINYINT TINYTEXT UNSIGNED UUID VARBINARY VARCHAR VARCHARACTER VECTOR XMLTYPE YEAR
`);
/** The rest of a type's name: DOUBLE PRECISION, SIGNED INTEGER, NATIONAL CHAR VARYING, INTERVAL DAY_SECOND. */
const MORE = words('CHAR CHARACTER DAY_SECOND INT INTEGER PRECISION VARCHAR VARYING');
const ATTRIBUTES = words('ARRAY ASCII BINARY BYTE SIGNED UNICODE UNSIGNED ZEROFILL');

/** A type as CAST has it and JSON_TABLE's columns; gives its length. */
export function parseType(parsing: MysqlParsing, scope: Scope): Magnitude {
  const { cursor } = parsing;
  if (!cursor.atAny(TYPES)) return cursor.fail('expected a type');
  cursor.take();
  while (cursor.atAny(MORE) && !cursor.at('SET', 1)) cursor.take();
  let length: Magnitude;
  if (cursor.accept('(')) {
    [length] = parseList(parsing, scope);
    cursor.expect(')');
  }
  while (acceptAttribute(parsing));
  return length;
}

function acceptAttribute({ cursor }: MysqlParsing): boolean {
  if (cursor.atAny(ATTRIBUTES)) {
    cursor.take();
    return true;
  }
  const isCharacterSet = cursor.accept('CHARACTER', 'SET') || cursor.accept('CHAR', 'SET') || cursor.accept('CHARSET');
  if (!isCharacterSet && !cursor.accept('COLLATE')) return false;
  if (!cursor.accept('BINARY') && cursor.peek().kind !== 'string') cursor.name();
  else if (cursor.peek().kind === 'string') cursor.take();
  return true;
}
