import { crc32 } from 'node:zlib';
import { CustardError } from '#core/errors.ts';
import type { Explanation } from '#core/explanation.ts';
import type { Egress } from '#core/policy/egress.ts';
import type { PolicySummary } from '#core/policy/summary.ts';
import type { FoundValue, QueryLimits } from '#core/protocol/messages.ts';
import type { DatabaseSchema } from '#core/schema.ts';
import { fingerprint } from '#core/schema-fingerprint.ts';
import type { Column, Row } from '#core/values.ts';
import type { RunningGateway } from '../agent-gateway.ts';
import type { AgentSessionInfo, Gateway, LinkedKey, ResultStream } from '../gateway/gateway.ts';

export interface SentStatement {
  readonly connectionId: string;
  readonly statement: string;
  readonly limits: QueryLimits;
  readonly signal: AbortSignal;
  /** Resolves when the reader left the stream, at its end or before. */
  readonly left: Promise<void>;
}

export interface FakeResult {
  readonly columns: readonly Column[];
  readonly chunks: Iterable<Buffer> | AsyncIterable<Buffer>;
  readonly rows: number;
  readonly truncated?: boolean;
}

/** A gateway whose agents answer what the test says, and that remembers what was sent. */
export class FakeGateway implements Gateway, RunningGateway {
  readonly gateway = this;
  readonly sent: SentStatement[] = [];
  readonly disconnected: string[] = [];
  readonly endedKeys: string[] = [];
  linked: readonly LinkedKey[] = [];
  online = true;
  dialect: AgentSessionInfo['dialect'] = 'postgres';
  policy: PolicySummary | null = null;
  live: Pick<AgentSessionInfo, 'connectedAt' | 'roundTripMs' | 'health' | 'agents'> = {
    ...{ connectedAt: new Date(0), roundTripMs: null, health: null, agents: 1 },
  };
  found: readonly FoundValue[] = [];
  /** What a statement gives; throw what should go wrong. */
  onRun: (statement: string, signal: AbortSignal) => FakeResult | Promise<FakeResult> = () => oneNumber(1);
  /** What a plan is like; null as of an agent that tells none. */
  onExplain: (statement: string) => Explanation | null = () => null;
  readonly explained: string[] = [];
  onDescribe: (connectionId: string) => Promise<DatabaseSchema> = () => Promise.reject(offline());

  async run({ connectionId, statement, limits, signal }: Parameters<Gateway['run']>[0]): Promise<ResultStream> {
    if (!this.online) throw offline();
    const left = Promise.withResolvers<void>();
    this.sent.push({ connectionId, statement, limits, signal, left: left.promise });
    const result = await this.onRun(statement, signal);
    const total = { bytes: 0, crc32: 0 };
    const { columns, rows, truncated = false } = result;
    return {
      columns,
      chunks: relay(result.chunks, total, left.resolve),
      end: () => ({ rows, ...total, truncated, elapsedMs: 1 }),
    };
  }

  async explain({ statement }: Parameters<Gateway['explain']>[0]): Promise<Explanation | null> {
    if (!this.online) throw offline();
    this.explained.push(statement);
    return this.onExplain(statement);
  }

  async describe({ connectionId }: Parameters<Gateway['describe']>[0]): ReturnType<Gateway['describe']> {
    const schema = await this.onDescribe(connectionId);
    return { schema, fingerprint: fingerprint(schema) };
  }

  async findValues(): Promise<readonly FoundValue[]> {
    return this.found;
  }

  session(): AgentSessionInfo | null {
    if (!this.online) return null;
    const versions = { agentVersion: '0', engineVersion: 'fake 1' };
    return { dialect: this.dialect, ...versions, ...this.live, policy: this.policy };
  }

  egress(): Egress {
    return this.policy?.egress ?? 'rows';
  }

  disconnect(connectionId: string): void {
    this.disconnected.push(connectionId);
  }

  endKey(_connectionId: string, keyId: string): void {
    this.endedKeys.push(keyId);
  }

  linkedKeys(): readonly LinkedKey[] {
    return this.linked;
  }

  async drain(): Promise<void> {
    this.online = false;
  }
}

async function* relay(
  chunks: FakeResult['chunks'],
  total: { bytes: number; crc32: number },
  left: () => void,
): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of chunks) {
      total.bytes += chunk.length;
      total.crc32 = crc32(chunk, total.crc32);
      yield chunk;
    }
  } finally {
    left();
  }
}

export const rowLines = (rows: readonly Row[]): Buffer =>
  Buffer.from(rows.map((row) => `{"type":"row","row":${JSON.stringify(row)}}\n`).join(''));

export const INTEGER: Column = { name: 'n', type: 'int8', kind: 'integer' };

export function oneNumber(number: number): FakeResult {
  return { columns: [INTEGER], chunks: [rowLines([[String(number)]])], rows: 1 };
}

export function offline(): CustardError {
  return new CustardError('AGENT_OFFLINE', 'No agent of this connection is online.', { hint: 'Start it.' });
}
