import { CustardError } from '#core/errors.ts';
import { MIB } from '#core/protocol/limits.ts';

/** Of all JSON answers of one organization that are being put together or sent. */
const MAX_BYTES = 256 * MIB;

/** What one answer holds. */
export interface HeldAnswer {
  /** RATE_LIMITED when the organization's answers hold too much already. */
  grow(bytes: number): void;
  release(): void;
}

/** Bounds the answers that are held in memory as a whole, for each organization by itself: none takes the room of another. */
export class AnswerMemory {
  readonly #held = new Map<string, number>();
  readonly #maxBytes: number;

  constructor({ maxBytes = MAX_BYTES }: { readonly maxBytes?: number } = {}) {
    this.#maxBytes = maxBytes;
  }

  hold(organizationId: string): HeldAnswer {
    let mine = 0;
    const change = (bytes: number): void => {
      mine += bytes;
      const total = (this.#held.get(organizationId) ?? 0) + bytes;
      if (total > 0) this.#held.set(organizationId, total);
      else this.#held.delete(organizationId);
    };
    return {
      grow: (bytes) => {
        if ((this.#held.get(organizationId) ?? 0) + bytes > this.#maxBytes) throw tooMany();
        change(bytes);
      },
      release: () => change(-mine), // the second time there is nothing to release
    };
  }
}

function tooMany(): CustardError {
  return new CustardError('RATE_LIMITED', 'Too many large JSON answers are under way.', {
    hint: 'Try again in a moment, or take the answer as a stream: Accept: application/x-ndjson.',
  });
}
