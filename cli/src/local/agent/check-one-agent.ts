import type { Transport } from '#agent/connectors/transport.ts';
import { wholeSchema } from '#agent/connectors/whole-schema.ts';
import type { ConnectorDialect } from '#core/dialects.ts';
import { restrictsReads } from '#core/policy/policy.ts';
import { type PolicySummary, summarize } from '#core/policy/summary.ts';
import { unmatchedRules } from '#core/policy/unmatched.ts';
import { type Grade, meetsGrade, type Posture } from '#core/posture.ts';
import type { DatabaseSchema } from '#core/schema.ts';
import type { AgentSource } from './agent-setup.ts';
import { type AgentSetup, setUp } from './agent-setup.ts';

/** What an agent with these settings would run with. */
export interface AgentCheck {
  readonly engine: { readonly dialect: ConnectorDialect; readonly version: string };
  readonly posture: Posture;
  readonly required: Grade | null;
  /** The agent would start, and the role is no bad one. */
  readonly suffices: boolean;
  readonly unmatched: readonly string[];
  readonly schema: SchemaCounts;
  /** Null where the connector cannot tell. */
  readonly transport: Transport | null;
  readonly limits: Pick<AgentSetup, 'caps' | 'concurrency'>;
  /** Null without a policy file. */
  readonly policy: PolicySummary | null;
  readonly policyFile: string | null;
}

interface SchemaCounts {
  readonly schemas: number;
  readonly tables: number;
  readonly views: number;
  readonly columns: number;
  readonly notReadable: number;
}

const CHECK_MS = 60_000;

/** Connects and looks at everything. Throws as connectors do; CONFIG_INVALID. */
export async function checkOneAgent(source: AgentSource, interrupted: AbortSignal): Promise<AgentCheck> {
  const signal = AbortSignal.any([interrupted, AbortSignal.timeout(CHECK_MS)]);
  const setup = await setUp(source);
  const { environment, connector, policy, required, caps, concurrency } = setup;
  try {
    const { version } = await connector.ping({ signal });
    const posture = await connector.posture({ signal });
    const schema = await wholeSchema(connector, { signal });
    return {
      engine: { dialect: connector.dialect, version },
      ...{ posture, required, limits: { caps, concurrency } },
      suffices: posture.grade !== 'bad' && meetsGrade(posture.grade, required ?? 'acceptable'),
      unmatched: restrictsReads(policy) ? unmatchedRules(policy, schema.tables) : [],
      schema: countsOf(schema),
      transport: (await connector.transport?.({ signal })) ?? null,
      policy: environment.POLICY_FILE === undefined ? null : summarize(policy),
      policyFile: environment.POLICY_FILE ?? null,
    };
  } finally {
    await connector.close();
  }
}

function countsOf({ tables }: DatabaseSchema): SchemaCounts {
  const views = tables.filter(({ kind }) => kind === 'view' || kind === 'materialized view').length;
  return {
    schemas: new Set(tables.map(({ schema }) => schema)).size,
    tables: tables.length - views,
    views,
    columns: tables.reduce((sum, { columns }) => sum + columns.length, 0),
    notReadable: tables.filter(({ readable }) => !readable).length,
  };
}
