import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskText } from './mask-text.ts';

const makeKey = () => createSecretKey(randomBytes(32));
const key = makeKey();
const partial = (text: string): string | null => maskText('partial', text, key);

describe('a mask', () => {
  it('shows nothing, or what is equal for equal texts under one key only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(maskText('null', text, key)).toBeNull();
        const hash = maskText('hash', text, key);
        expect(hash).toBe(createHmac('sha256', key).update(text).digest('hex').slice(0, 32));
        expect(maskText('hash', text, makeKey())).not.toBe(hash);
      }),
    );
  });

  it('shows a quarter of the characters, and never more than four', () => {
    const shown = ['', 'abc', 'abcd', 'abcdefgh', 'abcdefghijkl', 'abcdefghijklmnop', 'x'.repeat(1000), '🦆'.repeat(8)];
    expect(shown.map(partial)).toEqual(['***', '***', 'a***', 'a***h', 'ab***l', 'ab***op', 'xx***xx', '🦆***🦆']);
  });

  it('is the same for a long text as for all of its characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 16, maxLength: 200 }), (text) => {
        const characters = [...text];
        expect(partial(text)).toBe(`${characters.slice(0, 2).join('')}***${characters.slice(-2).join('')}`);
      }),
    );
    const halves = `a${'🦆'.repeat(500_000)}b`;
    expect(partial(halves)).toBe('a🦆***🦆b');
  });
});
