import { z } from 'zod';

/** A map of a file that people write. Unknown keys are errors: a rule with a typo would protect nothing. */
export function section<T extends z.ZodRawShape>(shape: T) {
  const error = (issue: { readonly code: string }) =>
    issue.code === 'invalid_type' ? 'keys with values, like "version: 1"' : undefined;
  return z.strictObject(shape, { error });
}
