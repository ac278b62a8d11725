import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageSplitter } from './message-splitter.ts';

const message = (type: number, body: Uint8Array): Buffer => {
  const head = Buffer.alloc(5);
  head[0] = type;
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};

const messages = fc.array(
  fc.record({ type: fc.integer({ min: 65, max: 122 }), body: fc.uint8Array({ maxLength: 40 }) }),
  { maxLength: 30 },
);
const cuts = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 20 });

describe('MessageSplitter', () => {
  it('gives the same messages however the bytes are split and wherever the receiver stops', () => {
    fc.assert(
      fc.property(messages, cuts, fc.array(fc.boolean(), { minLength: 1 }), (sent, sizes, goesOn) => {
        const got: { type: number; body: Uint8Array }[] = [];
        const splitter = new MessageSplitter(
          (type, buffer, start, end) => {
            got.push({ type, body: Uint8Array.from(buffer.subarray(start, end)) });
            return goesOn[got.length % goesOn.length] ?? true;
          },
          () => undefined,
        );
        const bytes = Buffer.concat(sent.map(({ type, body }) => message(type, body)));
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          splitter.push(Buffer.from(bytes.subarray(at, at + size)));
          at += size;
          if (turn % 3 === 0) splitter.resume();
        }
        while (splitter.stopped) splitter.resume();
        expect(got).toEqual(sent);
      }),
    );
  });

  it('tells a length before it has the body', () => {
    const announced: number[] = [];
    const splitter = new MessageSplitter(
      () => true,
      (_type, bytes) => announced.push(bytes),
    );
    splitter.push(message(68, Buffer.alloc(100)).subarray(0, 5));
    expect(announced).toContain(104);
  });

  it('puts a message of many reads together in linear time', () => {
    let length = 0;
    const splitter = new MessageSplitter(
      (_type, _buffer, start, end) => {
        length = end - start;
        return true;
      },
      () => undefined,
    );
    const bytes = message(68, Buffer.alloc(16 * 1024 * 1024));
    const since = performance.now();
    for (let at = 0; at < bytes.length; at += 1_000) splitter.push(bytes.subarray(at, at + 1_000));
    expect(length).toBe(16 * 1024 * 1024);
    expect(performance.now() - since).toBeLessThan(2_000);
  });
});
