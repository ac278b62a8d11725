import type { Session } from '../db/session-repository.ts';
import { hashOpaqueToken } from '../identity/opaque-token.ts';
import type { Principal } from '../identity/principal.ts';
import { accessEnded } from './account-errors.ts';
import type { AccountServices } from './account-services.ts';

interface LogOut {
  /** Who asks, if they came with an access token. */
  readonly principal: Principal | null;
  /** Or with this alone: an access token may have expired meanwhile. */
  readonly refreshToken: string | null;
  readonly all: boolean;
}

/** Does nothing for a session that has ended already: logging out twice is no mistake. */
export async function logOut(services: AccountServices, { principal, refreshToken, all }: LogOut): Promise<void> {
  const session = principal === null ? await sessionOf(services, refreshToken ?? '') : null;
  const userId = principal?.userId ?? session?.userId;
  const sessionId = principal?.tokenId ?? session?.id;
  const organizationId = principal?.organizationId ?? session?.organizationId;
  if (userId === undefined || sessionId === undefined || organizationId === undefined) return;
  if (all) await services.sessionRecords.revokeAll(userId);
  else await services.sessionRecords.revoke(userId, sessionId);
  const ended = all ? ({ userId, kind: 'session' } as const) : { sessionId };
  services.log.ended(ended, accessEnded('The session was ended by logging out.'));
  const event = { organizationId, actor: `user:${userId}`, action: 'session.ended', subject: all ? userId : sessionId };
  await services.log.record({ ...event, detail: { all } });
}

/** Whichever of its tokens: who holds an old one may end the session, and nothing else. */
async function sessionOf({ sessionRecords }: AccountServices, refreshToken: string): Promise<Session | null> {
  return (await sessionRecords.findByToken(hashOpaqueToken(refreshToken)))?.session ?? null;
}

/** Another session of one's own; false when there is none of that id. */
export async function endSession(services: AccountServices, principal: Principal, id: string): Promise<boolean> {
  if (!(await services.sessionRecords.revoke(principal.userId, id))) return false;
  services.log.ended({ sessionId: id }, accessEnded('The session was ended from another one.'));
  const { organizationId, userId } = principal;
  const event = { organizationId, actor: `user:${userId}`, action: 'session.ended', subject: id };
  await services.log.record({ ...event, detail: { all: false } });
  return true;
}
