import { z } from 'zod';
import { CustardError } from '#core/errors.ts';

/** The query string's parameters, parsed; INVALID_REQUEST names the one that is not right. */
export function readQuery<T>(url: URL, shape: z.ZodType<T>): T {
  const given = [...url.searchParams];
  const names = given.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  const result = shape.safeParse(Object.fromEntries(given));
  if (result.success && twice === undefined) return result.data;
  const problem =
    twice === undefined ? z.prettifyError(result.error ?? new z.ZodError([])) : `"${twice}" is given twice`;
  throw new CustardError('INVALID_REQUEST', `The address is not right: ${problem.slice(0, 300)}.`, {
    hint: 'Correct what is after the "?" and ask again.',
  });
}
