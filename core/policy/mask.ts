import { createHmac } from 'node:crypto';
import { z } from 'zod';

/** What is shown instead of a value. NULL stays NULL under each of them. */
export const Mask = z.enum(['null', 'hash', 'partial']);
export type Mask = z.infer<typeof Mask>;

/** A column of a relation that a statement reads, and what is to be shown of it. */
export interface MaskedColumn {
  readonly schema: string | null;
  readonly table: string;
  readonly column: string;
  readonly mask: Mask;
  /** The statement shows it by name, so that the result has to have it. */
  readonly isNamed: boolean;
}

const HASH_CHARACTERS = 32;
const HIDDEN = '***';
/** Of four characters one is shown, and of a long value no more than these. */
const SHOWN_SHARE = 4;
const MAX_SHOWN = 4;

/**
 * What a mask makes of a value's text; null where nothing is shown.
 *
 * `hash`: HMAC-SHA-256 under the agent's own key, 128 bits in hex: equal values stay equal, and nobody without the key
 * can try values out. `partial`: the first and the last characters, at most four and at most a quarter of all; what is
 * between them has the same length whatever was there.
 */
export function maskText(mask: Mask, text: string, key: Buffer): string | null {
  switch (mask) {
    case 'null':
      return null;
    case 'hash':
      return createHmac('sha256', key).update(text).digest('hex').slice(0, HASH_CHARACTERS);
    case 'partial': {
      const characters = [...text];
      const shown = Math.min(MAX_SHOWN, Math.floor(characters.length / SHOWN_SHARE));
      const [first, last] = [Math.ceil(shown / 2), Math.floor(shown / 2)];
      return `${characters.slice(0, first).join('')}${HIDDEN}${characters.slice(characters.length - last).join('')}`;
    }
    default:
      return mask satisfies never;
  }
}
