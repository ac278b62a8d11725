import { agentKey } from '#agent/agent-key.ts';
import { readAgentsFile } from '#agent/agents-file/read-agents-file.ts';
import type { Connector } from '#agent/connectors/connector.ts';
import { type AgentEnvironment, parseEnvironment } from '#agent/env.ts';
import { type Concurrency, settleConcurrency } from '#agent/limits/concurrency.ts';
import { lowerLimits } from '#agent/limits/lower-limits.ts';
import { agentDatabase } from '#agent/open-connector.ts';
import { parseSchemaFilter, type SchemaFilter } from '#agent/schema-filter.ts';
import { OPEN_POLICY, type Policy } from '#core/policy/policy.ts';
import { readPolicyFile } from '#core/policy/read-policy-file.ts';
import { type Grade, strictest } from '#core/posture.ts';
import type { QueryLimits } from '#core/protocol/messages.ts';
import type { Environment } from '../../config/directories.ts';

/** One connection to be served, as it was set up. */
export interface AgentSource {
  /** Null for the only one, by the environment. */
  readonly name: string | null;
  readonly environment: AgentEnvironment;
  /** Where the path of a connector of somebody's own begins. */
  readonly directory: string;
}

interface SourceOptions {
  readonly directory: string;
  readonly env: Environment;
  /** On top of the environment, by its names. */
  readonly overrides: Environment;
  /** The agents' file, where there is one: its connections are then all there are. */
  readonly file: string | undefined;
}

/** CONFIG_INVALID. */
export async function readSources({ env, overrides, file, directory }: SourceOptions): Promise<AgentSource[]> {
  if (file !== undefined) return (await readAgentsFile(file, env)).map((entry) => ({ ...entry, directory }));
  const given = Object.entries(overrides).filter(([, value]) => value !== undefined);
  return [{ name: null, environment: parseEnvironment({ ...env, ...Object.fromEntries(given) }), directory }];
}

/** What its files and its database's kind make of the settings. */
export interface AgentSetup {
  readonly environment: AgentEnvironment;
  readonly apiKey: string;
  readonly policy: Policy;
  readonly required: Grade | null;
  readonly caps: QueryLimits;
  readonly concurrency: Concurrency;
  /** What of the schema is described. */
  readonly filter: SchemaFilter;
  /** Not connected yet; whoever sets up closes it. */
  readonly connector: Connector;
}

/** Reads what the settings name, and loads the engine. CONFIG_INVALID. */
export async function setUp({ environment, directory }: Omit<AgentSource, 'name'>): Promise<AgentSetup> {
  const { POLICY_FILE: file } = environment;
  const policy = file === undefined ? OPEN_POLICY : await readPolicyFile(file);
  const apiKey = await agentKey(environment);
  const database = await agentDatabase(environment, directory);
  const concurrency = settleConcurrency(database.dialect, asked(environment), policy.limits);
  const caps: QueryLimits = {
    rows: environment.MAX_RESULT_ROWS,
    bytes: environment.MAX_RESULT_BYTES,
    timeoutMs: environment.MAX_STATEMENT_MS,
  };
  return {
    ...{ environment, apiKey, policy, concurrency },
    filter: parseSchemaFilter(environment, database.dialect),
    required: strictest(environment.REQUIRED_POSTURE ?? null, policy.posture),
    caps: lowerLimits(caps, policy.limits),
    connector: await database.open(concurrency.sessions),
  };
}

function asked(environment: AgentEnvironment): Parameters<typeof settleConcurrency>[1] {
  const { MAX_CONCURRENT_STATEMENTS, MAX_WAITING_STATEMENTS, MAX_WAIT_MS, POOL_SIZE } = environment;
  return {
    ...(MAX_CONCURRENT_STATEMENTS === undefined ? {} : { statements: MAX_CONCURRENT_STATEMENTS }),
    ...(MAX_WAITING_STATEMENTS === undefined ? {} : { waiting: MAX_WAITING_STATEMENTS }),
    ...(MAX_WAIT_MS === undefined ? {} : { waitMs: MAX_WAIT_MS }),
    ...(POOL_SIZE === undefined ? {} : { sessions: POOL_SIZE }),
  };
}
