import fc from 'fast-check';
import { BSON } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { cellText, typeOf } from './cells.ts';
import { EXACT } from './client.ts';
import { toEjson } from './ejson.ts';

const { Binary, Decimal128, Double, EJSON, Int32, Long, ObjectId, Timestamp } = BSON;

const stored = (document: object): BSON.Document => BSON.deserialize(BSON.serialize(document), EXACT);

describe('toEjson', () => {
  it('writes what any reader of Extended JSON reads back as it was stored', () => {
    const leaf = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.boolean(),
      fc.constant(null),
      fc.integer().map((n) => new Int32(n)),
      fc.double().map((n) => new Double(n)),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((n) => Long.fromBigInt(n)),
      fc.date({ noInvalidDate: true }),
      fc.uint8Array({ maxLength: 20 }).map((bytes) => new Binary(bytes)),
      fc.uuid().map((text) => new BSON.UUID(text)),
      fc.constantFrom('1.50', '-0', '1E+6000', 'NaN', 'Infinity').map((text) => Decimal128.fromString(text)),
      fc.constant(new ObjectId('65a1b2c3d4e5f60718293a4b')),
      fc.tuple(fc.nat(), fc.nat()).map(([t, i]) => new Timestamp({ t, i })),
      fc.constant(new BSON.BSONRegExp('a"b', 'im')),
      fc.constant(new BSON.MinKey()),
    );
    const name = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => !/^[$_]|^\d+$|\0/.test(text));
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('any'), { maxLength: 4 }),
        fc.dictionary(name, tie('any'), { maxKeys: 4 }),
      ),
    })).any;
    fc.assert(
      fc.property(value, (any) => {
        const document = stored({ any });
        const back = stored(EJSON.parse(toEjson(document), { relaxed: false }));
        // A whole number does not say whether it was an int or a long; a double's fraction may be none.
        expect(EJSON.stringify(back, { relaxed: true })).toBe(EJSON.stringify(document, { relaxed: true }));
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes a stored field that is called _bsontype for what it is', () => {
    const bytes = Buffer.from(BSON.serialize({ a: { xbsontype: 'Long', low: 1 } }));
    bytes.write('_bsontype', bytes.indexOf('xbsontype'));
    const { a } = BSON.deserialize(bytes, EXACT);
    expect([toEjson(a), typeOf(a), cellText(a)]).toEqual([
      '{"_bsontype":"Long","low":1}',
      'object',
      '{"_bsontype":"Long","low":1}',
    ]);
  });

  it('ends in an error at a date that JavaScript does not have, rather than in another one', () => {
    expect(() => toEjson(new Date(Number.NaN))).toThrow(/date beyond/);
    expect(() => cellText(new Date(Number.NaN))).toThrow(/date beyond/);
  });
});
