import { isCustardError } from '#core/errors.ts';
import type { Explanation } from '#core/explanation.ts';
import type { Connection } from '../db/connection-repository.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { namingTheAgent } from './offline-agent.ts';

export interface Planned {
  /** Null where nobody could tell; `warnings` says why. */
  readonly explanation: Explanation | null;
  readonly warnings: readonly string[];
}

interface PlanOptions {
  readonly connection: Connection;
  readonly statement: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const NOT_TOLD =
  'What the statement would cost is not known: the agent is of an older version, or the engine has no plans to show.';

/** Has a statement planned where the data is. Without an agent it is checked all the same. Throws what `run` would. */
export async function planStatement(gateway: Gateway, { connection, ...options }: PlanOptions): Promise<Planned> {
  try {
    const explanation = await gateway.explain({ connectionId: connection.id, ...options });
    return { explanation, warnings: explanation === null ? [NOT_TOLD] : [] };
  } catch (error) {
    if (!isCustardError(error) || error.code !== 'AGENT_OFFLINE') throw error;
    const offline = namingTheAgent(error, connection);
    const why = isCustardError(offline) ? offline.message : error.message;
    return { explanation: null, warnings: [`What the statement would cost is not known: ${why}`] };
  }
}
