import { expect, test } from 'vitest';
import { closest } from './closest.ts';

test.each([
  ['conections', 'connections'],
  ['sqll', 'sql'],
  ['aks', 'ask'],
  ['DOCTOR', 'doctor'],
  ['xyzzy', null],
  ['', null],
])('%s → %s', (word, meant) => {
  expect(closest(word, ['ask', 'sql', 'doctor', 'connections', 'schema'])).toBe(meant);
});
