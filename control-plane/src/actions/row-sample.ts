import { z } from 'zod';
import { KIB } from '#core/protocol/limits.ts';
import type { Row } from '#core/values.ts';

const SAMPLE_ROWS = 6;
const SAMPLE_BYTES = 8 * KIB;

const RowLine = z.object({ row: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])) });

/** The first few rows of a result, which are all that the control plane ever reads of it. */
export class RowSample {
  #bytes: Buffer = Buffer.alloc(0);

  add(chunk: Buffer): void {
    const room = SAMPLE_BYTES - this.#bytes.length;
    if (room > 0) this.#bytes = Buffer.concat([this.#bytes, chunk.subarray(0, room)]);
  }

  /** Whole rows only. */
  rows(): Row[] {
    const lines = this.#bytes.toString('utf8').split('\n').slice(0, -1);
    return lines.slice(0, SAMPLE_ROWS).map((line) => RowLine.parse(JSON.parse(line)).row);
  }
}
