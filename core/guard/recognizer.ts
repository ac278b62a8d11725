import { type Facts, Refused } from './classify.ts';
import { decide, type Rules, refuse } from './decide.ts';
import type { Guard } from './verdict.ts';

/** A guard whose parser is ours: `classify` throws Refused at what it does not recognize. */
export function recognizer(classify: (statement: string) => Facts, rules: Rules): Guard {
  return {
    async check(statement) {
      try {
        return decide(statement, classify(statement), rules);
      } catch (error) {
        if (error instanceof Refused) return refuse(statement, error.refusal);
        throw error;
      }
    },
  };
}
