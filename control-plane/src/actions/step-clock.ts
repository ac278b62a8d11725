import type { STEPS } from '#core/protocol/api.ts';
import type { QueryPart } from './query-part.ts';

type Step = (typeof STEPS)[number];

/** Times the named steps of one query. */
export class StepClock {
  #startedAt = performance.now();

  start(step: Step): QueryPart {
    this.#startedAt = performance.now();
    return { type: 'step', step, state: 'started', elapsed_ms: 0 };
  }

  end(step: Step): QueryPart {
    const elapsed = Math.round((performance.now() - this.#startedAt) * 10) / 10;
    return { type: 'step', step, state: 'done', elapsed_ms: elapsed };
  }
}
