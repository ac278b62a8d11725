import { expect, it } from 'vitest';
import { BoundedCache } from './bounded-cache.ts';

it('keeps what was used last, as far as its weight allows', () => {
  const cache = new BoundedCache<string>({ limit: 10 });
  cache.set('a', 'A', 4);
  cache.set('b', 'B', 4);
  cache.get('a');
  cache.set('c', 'C', 6);
  expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual(['A', undefined, 'C']);
  cache.set('a', 'A', 1);
  cache.set('d', 'D', 3);
  expect(['a', 'c', 'd'].map((key) => cache.get(key))).toEqual(['A', 'C', 'D']);
  cache.set('e', 'E', 11);
  expect(['a', 'c', 'd', 'e'].map((key) => cache.get(key))).toEqual(['A', 'C', 'D', undefined]);
});
