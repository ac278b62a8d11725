import { randomUUID } from 'node:crypto';
import { parseDatabaseUrl } from '#agent/connectors/database-url.ts';
import { openConnector } from '#agent/connectors/registry.ts';
import { startVitals } from '#agent/health/agent-vitals.ts';
import { settleConcurrency } from '#agent/limits/concurrency.ts';
import { openLink } from '#agent/link/link.ts';
import { SentSchemas } from '#agent/link/sent-schemas.ts';
import { WHOLE_SCHEMA } from '#agent/schema-filter.ts';
import type { Guard } from '#core/guard/verdict.ts';
import { OPEN_POLICY } from '#core/policy/policy.ts';
import type { QueryLimits } from '#core/protocol/messages.ts';
import { CONNECTION, type Hub, KEY, LIMITS, openHub, run } from './link-bench.ts';

/** What is under test is all the rest. Only here can an agent have such a guard: startAgent loads the real one. */
const ALLOWS_ALL: Guard = {
  check: async () => ({ verdict: 'allow', tables: [], columns: [], functions: [], columnUses: [] }),
};

/** How a statement ended: the error's code, or its rows. */
export interface Outcome {
  readonly code: string;
  readonly rows: readonly (readonly unknown[])[];
}

/** A real link with a real connector behind it, and neither of the two guards. */
export class GuardlessAgent implements AsyncDisposable {
  readonly #hub: Hub;
  readonly #stop: () => Promise<void>;

  private constructor(hub: Hub, stop: () => Promise<void>) {
    this.#hub = hub;
    this.#stop = stop;
  }

  static async start(url: string, caps: Partial<QueryLimits> = {}): Promise<GuardlessAgent> {
    const settings = parseDatabaseUrl(url);
    const hub = await openHub({ dialect: settings.dialect });
    const connector = await openConnector(settings);
    const { version } = await connector.ping({ signal: AbortSignal.timeout(10_000) });
    const concurrency = settleConcurrency(connector.dialect, {});
    const vitals = startVitals({ connector, concurrency, onEvent: () => undefined });
    const link = openLink({
      vitals,
      url: `ws://127.0.0.1:${hub.port}/api/v1/connections/ws/agent-1`,
      apiKey: KEY,
      connectionId: CONNECTION,
      instanceId: randomUUID(),
      agentVersion: 'test',
      engineVersion: version,
      connector,
      guard: ALLOWS_ALL,
      policy: OPEN_POLICY,
      filter: WHOLE_SCHEMA,
      sent: new SentSchemas(),
      maskKey: Buffer.alloc(32),
      caps: { ...LIMITS, ...caps },
      onEvent: () => undefined,
    });
    await link.ready;
    return new GuardlessAgent(hub, async () => {
      await link.stop();
      vitals.stop();
      await connector.close();
      await hub.close();
    });
  }

  /** Never rejects: what a statement ends with is what is looked at. */
  async run(statement: string, limits: Partial<QueryLimits> = {}): Promise<Outcome> {
    try {
      const { chunks } = await run(this.#hub, statement, limits);
      const text = Buffer.concat(await Array.fromAsync(chunks)).toString();
      const lines = text.split('\n').slice(0, -1);
      return { code: 'OK', rows: lines.map((line): unknown[] => JSON.parse(line).row) };
    } catch (error) {
      return { code: error instanceof Error && 'code' in error ? String(error.code) : String(error), rows: [] };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
  }
}
