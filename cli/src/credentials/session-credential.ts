import type { SessionTokens } from '#core/protocol/accounts.ts';
import type { SessionCredential } from './credential.ts';

/** The session as a log-in or a refresh gave it. */
export function sessionCredential(tokens: SessionTokens): SessionCredential {
  const { access_token, refresh_token, expires_in, user, organization } = tokens;
  return {
    ...{ kind: 'session', access_token, access_expires_at: inSeconds(expires_in), refresh_token },
    ...{ email: user.email, organization },
  };
}

export const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();
