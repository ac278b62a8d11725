import type { ThrottleRule } from './throttle.ts';

const MINUTE = 60;

const rule = (name: string, free: number, firstDelayS: number, maxDelayS: number): ThrottleRule => ({
  ...{ name, free, firstDelayS, maxDelayS },
});

/**
 * Wrong passwords: for one account from one address, for one account from anywhere, for many accounts from one address.
 * The limits of an account alone are wide: a stranger must not be able to keep its owner out.
 */
export const LOGIN = {
  accountAndAddress: rule('login-both', 5, 1, 15 * MINUTE),
  account: rule('login-account', 50, 1, MINUTE),
  address: rule('login-address', 50, 1, 15 * MINUTE),
} as const;

/** Whatever makes a mail: to one recipient, from one address without a session, by one person who invites. */
export const MAIL = {
  recipient: rule('mail-recipient', 3, MINUTE, 60 * MINUTE),
  address: rule('mail-address', 30, 10, 15 * MINUTE),
  inviter: rule('mail-inviter', 200, 10, 15 * MINUTE),
} as const;

/** Links that are not good. Nobody guesses 256 bits; this is for the database's sake. */
export const LINK = rule('link-address', 60, 1, MINUTE);
/** User codes have 34 bits and live ten minutes. */
export const USER_CODE = {
  user: rule('code-user', 10, 5, 15 * MINUTE),
  address: rule('code-address', 30, 5, 15 * MINUTE),
} as const;
export const DEVICE = rule('device-address', 60, 1, 5 * MINUTE);
/** Refresh tokens that are not good. */
export const REFRESH = rule('refresh-address', 60, 1, MINUTE);
/** Wrong current passwords, in one session or many. */
export const CURRENT_PASSWORD = rule('current-password', 5, 1, 15 * MINUTE);
