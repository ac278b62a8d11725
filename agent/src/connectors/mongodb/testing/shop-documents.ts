import { BSON, type Document } from 'mongodb';

const { Binary, BSONRegExp, Code, DBRef, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp, UUID } =
  BSON;

const ID = '65a1b2c3d4e5f60718293a4b';

export const CUSTOMERS: readonly Document[] = [
  { _id: 1, name: 'Ana Ünal', email: 'ana@example.org', note: null, address: { city: 'Ankara', zip: '06420' } },
  { _id: 2, name: "Bob O'Brien", email: 'bob@example.org', note: '', tags: ['a', 'b'] },
  { _id: 3, name: '陳大文 🦆', email: 'chan@example.org', note: 'Germany', address: { city: 'Bonn' } },
];

export const ORDERS: readonly Document[] = [
  {
    _id: 1,
    customer_id: 1,
    total: Decimal128.fromString('12.50'),
    placed_at: new Date('2024-02-29T12:00:00.123Z'),
    items: [
      { sku: 'A-1', price: new Double(2.5) },
      { sku: 'B-2', price: new Double(10) },
    ],
    card: { number: '4111111111111111', holder: { name: 'Ana Ünal' } },
  },
  { _id: 2, customer_id: 2, total: Decimal128.fromString('3'), items: [], card: { number: '4222222222222222' } },
];

/** One of each type of BSON that a document may hold, and how it arrives: cell, type, kind. */
export const VALUES: readonly (readonly [unknown, string | number | boolean | null, string, string])[] = [
  ['Grüße "q" \\ 陳大文 🦆 \u2028', 'Grüße "q" \\ 陳大文 🦆 \u2028', 'string', 'text'],
  ['', '', 'string', 'text'],
  [null, null, '', 'other'],
  [true, true, 'bool', 'boolean'],
  [new Int32(-2_147_483_648), -2_147_483_648, 'int', 'integer'],
  [Long.MAX_VALUE, '9223372036854775807', 'long', 'integer'],
  [Long.fromNumber(7), '7', 'long', 'integer'],
  [new Double(1), 1, 'double', 'float'],
  [new Double(0.1 + 0.2), 0.30000000000000004, 'double', 'float'],
  [new Double(Number.NaN), 'NaN', 'double', 'float'],
  [new Double(Number.NEGATIVE_INFINITY), '-Infinity', 'double', 'float'],
  [Decimal128.fromString('12.340'), '12.340', 'decimal', 'decimal'],
  [new ObjectId(ID), ID, 'objectId', 'other'],
  [new Date('2024-02-29T12:00:00.123Z'), '2024-02-29T12:00:00.123Z', 'date', 'timestamp'],
  [new Date('1969-07-20T20:17:40Z'), '1969-07-20T20:17:40.000Z', 'date', 'timestamp'],
  [new Binary(Buffer.from([0, 255, 92])), '\\x00ff5c', 'binData', 'binary'],
  [new UUID('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'), 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'uuid', 'uuid'],
  [new BSONRegExp('^a.c$', 'i'), '{"$regularExpression":{"pattern":"^a.c$","options":"i"}}', 'regex', 'other'],
  [new Timestamp({ t: 1_700_000_000, i: 3 }), '{"$timestamp":{"t":1700000000,"i":3}}', 'timestamp', 'other'],
  [new MinKey(), '{"$minKey":1}', 'minKey', 'other'],
  [new MaxKey(), '{"$maxKey":1}', 'maxKey', 'other'],
  [new Code('x'), '{"$code":"x"}', 'javascript', 'other'],
  [new DBRef('people', new ObjectId(ID)), `{"$ref":"people","$id":{"$oid":"${ID}"}}`, 'object', 'json'],
  [{ a: { b: Long.MAX_VALUE } }, '{"a":{"b":{"$numberLong":"9223372036854775807"}}}', 'object', 'json'],
  [
    [1, 'x', null, new Double(Number.NaN), new Date(0), new Date(-1), Decimal128.fromString('1.0'), new Binary()],
    '[1,"x",null,{"$numberDouble":"NaN"},{"$date":"1970-01-01T00:00:00.000Z"},{"$date":{"$numberLong":"-1"}},' +
      '{"$numberDecimal":"1.0"},{"$binary":{"base64":"","subType":"00"}}]',
    'array',
    'json',
  ],
];
