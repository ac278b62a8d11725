import { CustardError } from '#core/errors.ts';

/** One answer for a wrong password and for an account that is not there. */
export function credentialsWrong(): CustardError {
  return new CustardError('CREDENTIALS_WRONG', 'E-mail address or password is wrong.', {
    hint: 'Try again, or set a new password: custard login --forgot-password',
  });
}

export function emailInvalid(): CustardError {
  return new CustardError('INVALID_REQUEST', '"email": that is not an e-mail address Custard takes.', {
    hint: 'Write it as name@example.com; before the @ only letters without accents, digits and signs are taken.',
  });
}

/** Not known, used, replaced or too old: which of them is nobody's business who does not hold a good one. */
export function linkInvalid(): CustardError {
  return new CustardError('LINK_INVALID', 'The link is not good any more: it was used, replaced or is too old.', {
    hint: 'Ask for a new one.',
  });
}

export function accessEnded(why: string): CustardError {
  return new CustardError('SESSION_EXPIRED', why, { hint: 'Log in again: custard login' });
}
