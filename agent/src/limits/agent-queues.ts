import type { Concurrency } from './concurrency.ts';
import { TurnQueue } from './turn-queue.ts';

/** What the agent does at once, over all of its links: statements, and look-ups that never stand behind them. */
export interface AgentQueues {
  readonly statements: TurnQueue;
  readonly lookUps: TurnQueue;
}

const WAITING_LOOK_UPS = 32;
const LOOK_UP_WAIT_MS = 10_000;

/** `onChange`: a statement has begun, ended, or begun or ended to wait. */
export function createQueues({ statements, waiting, waitMs, lookUps }: Concurrency, onChange: () => void): AgentQueues {
  return {
    statements: new TurnQueue({
      ...{ turns: statements, waiting, waitMs, onChange, things: statements === 1 ? 'statement' : 'statements' },
      hint: 'Try again in a moment, or start a second agent for this connection (docs/agent.md has the limits).',
    }),
    lookUps: new TurnQueue({
      ...{ turns: lookUps, waiting: WAITING_LOOK_UPS, waitMs: LOOK_UP_WAIT_MS, things: 'look-ups' },
      hint: 'Try again in a moment.',
    }),
  };
}
