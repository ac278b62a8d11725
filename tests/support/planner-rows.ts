import type { Connector } from '#agent/connectors/connector.ts';

const LIMITS = { rows: 1_000, bytes: 1_000_000, timeoutMs: 10_000 };

/** The rows of a statement, as the agent sends them. */
export async function rowsOf(connector: Connector, statement: string, signal: AbortSignal): Promise<unknown[][]> {
  const chunks: string[] = [];
  const sink = { columns: () => undefined, chunk: (bytes: Buffer) => void chunks.push(bytes.toString()) };
  await connector.run({ statement, limits: LIMITS, masks: [], maskKey: Buffer.alloc(32), signal }, sink);
  const lines = chunks
    .join('')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => (JSON.parse(line) as { row: unknown[] }).row);
}

/** Rows as every engine would spell them: numbers as numbers, times alike; sorted unless their order says something. */
export function plainRows(rows: readonly unknown[][], { ordered = false }: { ordered?: boolean } = {}): string[] {
  const spelled = rows.map((row) => JSON.stringify(row.map(plain)));
  return ordered ? spelled : spelled.toSorted();
}

function plain(value: unknown): unknown {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') return Math.round(value * 1e6) / 1e6;
  if (typeof value !== 'string') return value;
  if (/^-?\d+(\.\d+)?$/.test(value)) return Math.round(Number(value) * 1e6) / 1e6;
  if (!/^\d{4}-\d\d-\d\d[ T]/.test(value)) return value;
  return value
    .replace('T', ' ')
    .replace(/(\.0+)?(Z|\+00)?$/, '')
    .replace(/ 00:00:00$/, '');
}
