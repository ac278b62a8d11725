import type { KeyObject } from 'node:crypto';
import type { Mask } from './mask.ts';

const HASH_CHARACTERS = 32;
const HIDDEN = '***';
/** Of four characters one is shown, and of a long value no more than these. */
const SHOWN_SHARE = 4;
const MAX_SHOWN = 4;
/** So many UTF-16 units at each end have all the characters that may be shown, and are enough to show that many. */
const END_UNITS = MAX_SHOWN * SHOWN_SHARE;

/**
 * What a mask makes of a value's text; null where nothing is shown.
 *
 * `hash`: HMAC-SHA-256 under the agent's own key, 128 bits in hex: equal values stay equal, and nobody without the key
 * can try values out. `partial`: the first and the last characters, at most four and at most a quarter of all; what is
 * between them has the same length whatever was there.
 *
 * @param key for `hash`; whoever masks many values makes one object of it, which is six times as fast
 *
 * Without zod, and with node:crypto only for who hashes: a process whose start counts loads this.
 */
export function maskText(mask: Mask, text: string, key: Buffer | KeyObject): string | null {
  switch (mask) {
    case 'null':
      return null;
    case 'hash': {
      const { createHmac } = process.getBuiltinModule('node:crypto');
      return createHmac('sha256', key).update(text).digest('hex').slice(0, HASH_CHARACTERS);
    }
    case 'partial':
      return partOf(text);
    default:
      return mask satisfies never;
  }
}

function partOf(text: string): string {
  // Of a text of megabytes no list of its characters is made.
  const ends = text.length > END_UNITS * 4 ? text.slice(0, END_UNITS * 2) + text.slice(-END_UNITS * 2) : text;
  const characters = [...ends];
  const shown = Math.min(MAX_SHOWN, Math.floor(characters.length / SHOWN_SHARE));
  const [first, last] = [Math.ceil(shown / 2), Math.floor(shown / 2)];
  return `${characters.slice(0, first).join('')}${HIDDEN}${characters.slice(characters.length - last).join('')}`;
}
