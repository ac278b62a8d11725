import { z } from 'zod';
import { CustardError } from '#core/errors.ts';

export const TableName = z.object({ schema: z.string().nullable(), name: z.string() });

const MOST_PROBLEMS = 3;

export function wrongAnswer(from: string, method: string, { issues }: z.ZodError): CustardError {
  const problems = issues.slice(0, MOST_PROBLEMS).map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`);
  return unusable(from, `${method}() answers with what it may not: ${problems.join('; ')}.`);
}

/** @param problem a sentence without its capital */
export function unusable(from: string, problem: string, cause?: unknown): CustardError {
  return new CustardError('CONFIG_INVALID', `The connector ${from} cannot be used: ${problem}`, {
    hint: 'What a connector has to be is in docs/connectors.md, under "Write a connector".',
    cause,
  });
}
