import { CustardError } from '#core/errors.ts';

type Driver = typeof import('mysql2');

/** mysql2 is optional: whoever asks no MySQL need not have it. UNSUPPORTED_ENGINE where it is missing. */
export async function loadDriver(): Promise<Driver> {
  try {
    return await import('mysql2');
  } catch (cause) {
    throw new CustardError('UNSUPPORTED_ENGINE', 'The driver for MySQL and MariaDB is not installed.', {
      hint: 'Install it beside Custard: npm install mysql2@3.24.6',
      cause,
    });
  }
}
