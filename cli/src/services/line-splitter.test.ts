import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MIB } from '#core/protocol/limits.ts';
import { LineSplitter } from './line-splitter.ts';

function split(bytes: Buffer, cuts: readonly number[]) {
  const splitter = new LineSplitter();
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const lines = [0, ...ends].flatMap((start, i) => splitter.push(bytes.subarray(start, ends[i] ?? bytes.length)));
  return [...lines, ...splitter.end()].map(({ number, bytes: line }) => ({ number, text: line?.toString() ?? null }));
}

test('lines and their numbers, wherever the stream is cut', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '\n', '\r'), maxLength: 40 });
  fc.assert(
    fc.property(text, fc.array(fc.nat()), (given, cuts) => {
      const expected = given.split('\n');
      if (expected.at(-1) === '') expected.pop();
      expect(split(Buffer.from(given), cuts)).toEqual(expected.map((line, i) => ({ number: i + 1, text: line })));
    }),
  );
});

test('a line beyond all bounds is not kept, and the next ones are', () => {
  const bytes = Buffer.concat([Buffer.from('a\n'), Buffer.alloc(17 * MIB, 'x'), Buffer.from('\nb\n')]);
  const cuts = Array.from({ length: 34 }, (_, i) => i * (MIB / 2));
  expect(split(bytes, cuts)).toEqual([
    { number: 1, text: 'a' },
    { number: 2, text: null },
    { number: 3, text: 'b' },
  ]);
});
