import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROW_PREFIX, ROW_SUFFIX } from '#core/protocol/frames.ts';
import { CHUNK_BYTES } from '#core/protocol/limits.ts';
import { ChunkWriter } from './chunk-writer.ts';
import { FORM, RowEncoder } from './row-encoder.ts';

/** The body of a DataRow message. */
function dataRow(fields: readonly (Uint8Array | null)[]): Buffer {
  const count = Buffer.alloc(2);
  count.writeUInt16BE(fields.length);
  const parts = fields.flatMap((field) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(field === null ? -1 : field.length);
    return field === null ? [length] : [length, Buffer.from(field)];
  });
  return Buffer.concat([count, ...parts]);
}

interface EncodeOptions {
  readonly forms: readonly number[];
  /** Bytes that stand in the chunk before. */
  readonly before?: number;
}

function encode(rows: readonly (readonly (Uint8Array | null)[])[], { forms, before = 0 }: EncodeOptions): string {
  const chunks: Buffer[] = [];
  const out = new ChunkWriter((chunk) => chunks.push(Buffer.from(chunk)));
  out.at = before;
  const encoder = new RowEncoder(out, Uint8Array.from(forms));
  for (const row of rows) {
    const body = dataRow(row);
    // Surrounded, as in a read of the socket: nothing outside of the body may be looked at.
    encoder.encode(Buffer.concat([Buffer.from('xx'), body, Buffer.from('yy')]), 2, 2 + body.length);
  }
  out.flush();
  expect(Math.max(0, ...chunks.map(({ length }) => length))).toBeLessThanOrEqual(CHUNK_BYTES);
  const bytes = Buffer.concat(chunks);
  expect(out.bytes).toBe(bytes.length);
  return bytes.subarray(before).toString();
}

const text = fc.string({ unit: 'binary', maxLength: 50 }).map((value) => value.toWellFormed());
const cell = fc.oneof(fc.constant(null), text);

describe('RowEncoder', () => {
  it('makes exactly what JSON.stringify makes of the same row, at any place in a chunk', () => {
    const place = fc.oneof(fc.constant(0), fc.integer({ min: CHUNK_BYTES - 400, max: CHUNK_BYTES }));
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { maxLength: 5 }), place, (rows, before) => {
        const forms = [FORM.string, FORM.string, FORM.string];
        const fields = rows.map((row) => row.map((value) => (value === null ? null : Buffer.from(value))));
        const lines = rows.map((row) => `${ROW_PREFIX}${JSON.stringify(row).slice(1, -1)}${ROW_SUFFIX}`);
        expect(encode(fields, { forms, before })).toBe(lines.join(''));
      }),
    );
  });

  it('writes numbers bare as long as JSON reads the same of them', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.double(), fc.integer(), fc.string({ unit: fc.constantFrom(...'-+.eE0123456789 NaI') })),
        (value) => {
          const written = String(value);
          const [line = ''] = encode([[Buffer.from(written)]], { forms: [FORM.number] }).split('\n');
          const { row } = JSON.parse(line);
          const isJson = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(written);
          expect(row).toEqual([isJson ? Number(written) : written]);
        },
      ),
    );
  });

  it('writes booleans as words', () => {
    const fields = ['t', 'f', null].map((value) => (value === null ? null : Buffer.from(value)));
    expect(encode([fields], { forms: [FORM.boolean, FORM.boolean, FORM.boolean] })).toBe(
      `${ROW_PREFIX}true,false,null${ROW_SUFFIX}`,
    );
  });

  it('spreads a row of any size over chunks', () => {
    const value = `"\u0001é${'x'.repeat(70_000)}\\`.repeat(7);
    const line = encode([[Buffer.from(value), Buffer.from('1')]], { forms: [FORM.string, FORM.number], before: 5 });
    expect(JSON.parse(line).row).toEqual([value, 1]);
  });

  it('gives a row without columns', () => {
    expect(encode([[]], { forms: [] })).toBe(`${ROW_PREFIX}${ROW_SUFFIX}`);
  });
});
