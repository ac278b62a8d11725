import { CustardError } from '#core/errors.ts';

export type Driver = typeof import('mongodb');

/** Loaded when first used: it is an optional dependency, and takes a fifth of a second. */
export async function loadDriver(): Promise<Driver> {
  try {
    return await import('mongodb');
  } catch (cause) {
    throw new CustardError('UNSUPPORTED_ENGINE', 'The driver for MongoDB is not installed.', {
      hint: 'Install it beside Custard: npm install mongodb@7.8.0',
      cause,
    });
  }
}
