import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_ROW_BYTES } from '#core/protocol/limits.ts';
import { EventSplitter, type StreamPart } from './event-splitter.ts';

const row = fc
  .array(
    fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.constant(null), fc.constant('","row":[{"type":"done"')),
  )
  .map((cells) => `{"type":"row","row":${JSON.stringify(cells)}}\n`);
const event = fc.constantFrom('start', 'step', 'columns', 'answer').map((type) => `{"type":"${type}","text":"Zoë"}\n`);
/** As the protocol has it: events, one run of rows, events. */
const stream = fc.tuple(fc.array(event), fc.array(row, { maxLength: 40 }), fc.array(event));

function split(bytes: Buffer, cuts: readonly number[]): StreamPart[] {
  const splitter = new EventSplitter();
  const parts: StreamPart[] = [];
  let start = 0;
  for (const cut of [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    parts.push(...splitter.push(bytes.subarray(start, cut)));
    start = cut;
  }
  expect(splitter.hasPartialLine).toBe(false);
  return parts;
}

test('rows and events come apart and nothing is lost, wherever the chunks are cut', () => {
  fc.assert(
    fc.property(stream, fc.array(fc.nat(5_000), { maxLength: 30 }), ([before, rows, after], cuts) => {
      const parts = split(Buffer.from([...before, ...rows, ...after].join('')), cuts);
      const text = (kind: StreamPart['kind']) =>
        parts
          .filter((part) => part.kind === kind)
          .map((part) => (part.kind === 'rows' ? part.bytes : part.line).toString());
      expect(text('rows').join('')).toBe(rows.join(''));
      expect(text('event')).toEqual([...before, ...after]);
      expect(parts.map((part) => (part.kind === 'rows' ? part.bytes : part.line).toString()).join('')).toBe(
        [...before, ...rows, ...after].join(''),
      );
    }),
    { numRuns: 500 },
  );
});

test('a block of rows is handed on as it came, not copied', () => {
  const block = Buffer.from('{"type":"row","row":[1]}\n{"type":"row","row":[2]}\n');
  const [part] = new EventSplitter().push(block);
  expect(part?.kind === 'rows' && part.bytes.buffer === block.buffer && part.bytes.length === block.length).toBe(true);
});

test('a line without an end is not collected for ever', () => {
  const splitter = new EventSplitter();
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  const push = () => {
    for (let bytes = 0; bytes < MAX_ROW_BYTES * 2; bytes += chunk.length) splitter.push(chunk);
  };
  expect(push).toThrow(expect.objectContaining({ code: 'PROTOCOL_ERROR' }));
});
