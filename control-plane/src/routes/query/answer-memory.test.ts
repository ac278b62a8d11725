import { expect, it } from 'vitest';
import { AnswerMemory } from './answer-memory.ts';

it('bounds what the answers of one organization hold, and leaves the others theirs', () => {
  const memory = new AnswerMemory({ maxBytes: 100 });
  const [first, second, other] = [memory.hold('a'), memory.hold('a'), memory.hold('b')];
  first.grow(60);
  second.grow(40);
  expect(() => first.grow(1)).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }));
  other.grow(100);
  second.release();
  second.release();
  first.grow(40);
  expect(() => memory.hold('a').grow(1)).toThrow();
});
