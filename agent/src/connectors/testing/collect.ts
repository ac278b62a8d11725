import { z } from 'zod';
import type { MaskedColumn } from '#core/policy/mask.ts';
import type { QueryLimits } from '#core/protocol/messages.ts';
import type { Column, Row } from '#core/values.ts';
import type { Connector, RowSink, RunEnd } from '../connector.ts';

export const NO_LIMITS: QueryLimits = { rows: 50_000_000, bytes: 8_000_000_000, timeoutMs: 30_000 };

const RowLine = z.strictObject({
  type: z.literal('row'),
  row: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

/** What `text` holds, each line parsed as the row event it must be. */
const parseLines = (text: string): Row[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => RowLine.parse(JSON.parse(line)).row);

export interface Collected extends RunEnd {
  readonly columns: readonly Column[];
  readonly data: readonly Row[];
  readonly chunkSizes: readonly number[];
}

/** For runs that mask nothing. */
export const NO_MASKS = { masks: [], maskKey: Buffer.alloc(32) } as const;

interface CollectOptions {
  readonly masks?: readonly MaskedColumn[];
  readonly maskKey?: Buffer;
  readonly limits?: Partial<QueryLimits>;
  readonly signal?: AbortSignal;
}

/** Runs a statement and keeps everything it gives. */
export async function collect(
  connector: Connector,
  statement: string,
  options: CollectOptions = {},
): Promise<Collected> {
  const columns: Column[][] = [];
  const chunks: Buffer[] = [];
  const sink: RowSink = {
    columns: (given) => columns.push([...given]),
    chunk: (bytes) => {
      chunks.push(bytes);
      return undefined;
    },
  };
  const { limits, masks = [], maskKey = NO_MASKS.maskKey, signal = new AbortController().signal } = options;
  const end = await connector.run({ statement, limits: { ...NO_LIMITS, ...limits }, masks, maskKey, signal }, sink);
  if (columns.length !== 1) throw new Error(`Columns were announced ${columns.length} times.`);
  return {
    ...end,
    columns: columns[0] ?? [],
    data: parseLines(Buffer.concat(chunks).toString()),
    chunkSizes: chunks.map(({ length }) => length),
  };
}
