import { deniedError } from '#core/guard/denied-error.ts';
import type { Allowed, Guard, TableName } from '#core/guard/verdict.ts';
import { judge } from '#core/policy/judge.ts';
import type { MaskedColumn } from '#core/policy/mask.ts';
import { type Policy, restrictsReads } from '#core/policy/policy.ts';
import type { Relation } from '#core/policy/relation.ts';
import type { Connector } from '../connectors/connector.ts';

/** What a statement that may be run is run with. */
interface Permission {
  readonly masks: readonly MaskedColumn[];
  /** What it reads, as the catalogue calls it; null where the policy does not restrict that. */
  readonly tables: readonly TableName[] | null;
}

interface PolicyGuardOptions {
  readonly guard: Guard;
  readonly policy: Policy;
  readonly connector: Pick<Connector, 'relations'>;
}

/** The agent's own word on a statement, whatever the control plane said of it: the guard's, then the policy's. */
export class PolicyGuard {
  readonly #options: PolicyGuardOptions;

  constructor(options: PolicyGuardOptions) {
    this.#options = options;
  }

  /** The masks to run it with. Throws the denial as an error. */
  async check(statement: string, signal: AbortSignal): Promise<readonly MaskedColumn[]> {
    return (await this.permit(statement, signal)).masks;
  }

  /** Throws the denial as an error. */
  async permit(statement: string, signal: AbortSignal): Promise<Permission> {
    const { guard, policy } = this.#options;
    const allowed = await guard.check(statement);
    if (allowed.verdict === 'deny') throw deniedError(allowed);
    signal.throwIfAborted();
    if (!restrictsReads(policy)) return { masks: [], tables: null };
    const relations = await this.#relations(allowed, signal);
    const judged = judge({ policy, statement, allowed, catalogue: { kind: 'known', relations } });
    if (judged.verdict === 'deny') throw deniedError(judged);
    return { masks: judged.masks, tables: relations.map(({ name }) => name) };
  }

  /** Asked anew for each statement: a view may have been made another one since the last. */
  async #relations({ tables }: Allowed, signal: AbortSignal): Promise<readonly Relation[]> {
    return tables.length === 0 ? [] : await this.#options.connector.relations({ tables, signal });
  }
}
