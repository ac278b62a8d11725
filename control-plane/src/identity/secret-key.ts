import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * Keys of people and agents: `custard_`, 30 random base62 characters (178 bits), and the CRC-32 of
 * those in 6 more, so that a mistyped or cut key is told apart without asking the database, and
 * leaked ones can be found by scanners.
 */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PREFIX = 'custard_';
const RANDOM_CHARACTERS = 30;
const SHAPE = /^custard_([0-9A-Za-z]{30})([0-9A-Za-z]{6})$/;

export function createSecretKey(): string {
  let random = '';
  while (random.length < RANDOM_CHARACTERS) {
    for (const byte of randomBytes(RANDOM_CHARACTERS)) {
      // 248 is the greatest multiple of 62 in a byte: taking the rest modulo 62 would favour some characters.
      if (byte < 248 && random.length < RANDOM_CHARACTERS) random += ALPHABET[byte % ALPHABET.length];
    }
  }
  return `${PREFIX}${random}${checksum(random)}`;
}

export function isSecretKey(text: string): boolean {
  const [, random, sum] = SHAPE.exec(text) ?? [];
  return random !== undefined && sum === checksum(random);
}

/** What is stored in a key's stead: SHA-256, hex. The keys are random, so nothing slower is needed. */
export function hashSecretKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** Enough of a key to tell it from others in a list, and of no use to guess the rest. */
export function beginningOf(key: string): string {
  return key.slice(0, PREFIX.length + 4);
}

function checksum(random: string): string {
  let rest = crc32(random);
  let text = '';
  for (let index = 0; index < 6; index++) {
    text = `${ALPHABET[rest % ALPHABET.length]}${text}`;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return text;
}
