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

  /** Both of the below, one after the other. */
  async check(statement: string, signal: AbortSignal): Promise<readonly MaskedColumn[]> {
    return (await this.permit(statement, await this.allow(statement), signal)).masks;
  }

  /** What the guard makes of it, without a word to the database. Throws the denial as an error. */
  async allow(statement: string): Promise<Allowed> {
    const verdict = await this.#options.guard.check(statement);
    if (verdict.verdict === 'deny') throw deniedError(verdict);
    return verdict;
  }

  /** What it may be run with, by what the database holds now. Throws the policy's denial as an error. */
  async permit(statement: string, allowed: Allowed, signal: AbortSignal): Promise<Permission> {
    const { policy } = this.#options;
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
