import type { ThrottleRule } from './throttle.ts';

const MINUTE = 60;

const rule = (name: string, free: number, firstDelayS: number, maxDelayS: number): ThrottleRule => ({
  ...{ name, free, firstDelayS, maxDelayS },
});

/**
 * Somebody who guesses one account's password from one address, from many, or many accounts' from one. The limits of
 * an account alone are wide: a stranger must not be able to keep its owner out.
 */
export const LOGIN = {
  accountAndAddress: rule('login-both', 5, 1, 15 * MINUTE),
  account: rule('login-account', 50, 1, MINUTE),
  address: rule('login-address', 50, 1, 15 * MINUTE),
} as const;

/** Whatever makes a mail: for one recipient, and from one address. */
export const MAIL = {
  recipient: rule('mail-recipient', 3, MINUTE, 60 * MINUTE),
  address: rule('mail-address', 30, 10, 15 * MINUTE),
} as const;

/** Tokens of 256 bits need no protection from guessing; the database does from those who try. */
export const LINK = rule('link-address', 60, 1, MINUTE);
/** User codes have 34 bits and live ten minutes. */
export const USER_CODE = {
  user: rule('code-user', 10, 5, 15 * MINUTE),
  address: rule('code-address', 30, 5, 15 * MINUTE),
};
export const DEVICE = rule('device-address', 60, 1, 5 * MINUTE);
export const REFRESH = rule('refresh-address', 600, 1, MINUTE);
/** The current password asked for by a session. */
export const CURRENT_PASSWORD = rule('current-password', 5, 1, 15 * MINUTE);
