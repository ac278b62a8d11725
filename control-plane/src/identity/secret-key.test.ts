import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSecretKey, isSecretKey } from './secret-key.ts';

it('makes keys that are well formed and all different', () => {
  const keys = Array.from({ length: 1000 }, createSecretKey);
  expect(keys.every(isSecretKey)).toBe(true);
  expect(keys[0]).toMatch(/^custard_[0-9A-Za-z]{36}$/);
  expect(new Set(keys).size).toBe(1000);
  expect(new Set(keys.join('').slice(8)).size).toBeGreaterThan(60);
});

it('tells a mistyped key from a key', () => {
  const key = createSecretKey();
  const character = fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');
  fc.assert(
    fc.property(fc.integer({ min: 8, max: key.length - 1 }), character, (index, other) => {
      fc.pre(key[index] !== other);
      return !isSecretKey(key.slice(0, index) + other + key.slice(index + 1));
    }),
  );
  expect(isSecretKey(key.slice(0, -1))).toBe(false);
  expect(isSecretKey(`${key}x`)).toBe(false);
});
