import { KIB, MIB } from '#core/protocol/limits.ts';

/** What one message costs on top of its bytes. */
const MESSAGE_COST = KIB;
/** Far more than what can still be under way of queries that were given up. */
const BUDGET = 64 * MIB;

/** Bounds what an agent may send between two pings that nobody waits for. */
export class StrayBudget {
  #left = BUDGET;

  /** False when there was too much of it. */
  spend(bytes: number): boolean {
    this.#left -= bytes + MESSAGE_COST;
    return this.#left >= 0;
  }

  renew(): void {
    this.#left = BUDGET;
  }
}
