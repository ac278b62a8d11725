import { CustardError } from '#core/errors.ts';
import type { SessionTokens } from '#core/protocol/accounts.ts';
import type { Database } from '../db/database.ts';
import type { OrganizationRepository } from '../db/organization-repository.ts';
import type { Session, SessionRepository } from '../db/session-repository.ts';
import type { User, UserRepository } from '../db/user-repository.ts';
import { ACCESS_TOKEN_S, type AccessTokens, sessionExpired } from '../identity/access-token.ts';
import { createOpaqueToken, hashOpaqueToken } from '../identity/opaque-token.ts';
import type { SecurityLog } from './security-log.ts';

interface SessionDependencies {
  readonly database: Database;
  readonly sessions: SessionRepository;
  readonly users: UserRepository;
  readonly organizations: OrganizationRepository;
  readonly accessTokens: AccessTokens;
  readonly log: SecurityLog;
}

/** For so long after a rotation the token before it is still answered. */
const GRACE_MS = 10_000;
const PREFIX = 'crt_';

/**
 * Sessions and their refresh tokens. Every refresh ends the token it came with (rotation): a session counts generations,
 * and only a token of the newest one takes it to the next. A token of an older one was used before, by its owner or by a
 * thief, and as nobody can tell who of the two is asking now, the whole session ends.
 *
 * Except in one case: two processes of one person share a token, and refresh at the same time. The one that comes second
 * holds a token of the generation just before, seconds after it was replaced, and gets one of the *newest* generation too.
 * That is safe: both tokens are of one generation, so the first of them that is refreshed makes the other old, and the
 * other, used later than the grace, ends the session. A thief who uses a stolen token within the grace has gained what he
 * would have had anyway by being first, and is found out by the same next refresh as without it. The grace is counted from
 * the rotation and never extended by being used.
 */
export class Sessions {
  readonly #deps: SessionDependencies;

  constructor(deps: SessionDependencies) {
    this.#deps = deps;
  }

  /** A new one, in the organization the person used last. */
  async open(user: User, client: string): Promise<SessionTokens> {
    const organizationId = await lastUsedOrganization(this.#deps.organizations, user);
    return await this.openIn(user, { organizationId, client });
  }

  async openIn(
    user: User,
    opened: { readonly organizationId: string; readonly client: string },
  ): Promise<SessionTokens> {
    const refreshToken = newToken();
    const session = await this.#deps.database.knex.transaction((trx) =>
      this.#deps.sessions.create(trx, { userId: user.id, ...opened }, hashOpaqueToken(refreshToken)),
    );
    const event = { organizationId: session.organizationId, actor: `user:${user.id}`, subject: session.id };
    await this.#deps.log.record({ ...event, action: 'session.opened', detail: { client: opened.client } });
    return await this.#tokens(session, user, refreshToken);
  }

  /** SESSION_EXPIRED when the token is not good, and when the session has ended since. */
  async refresh(token: string): Promise<SessionTokens> {
    const { sessions, users } = this.#deps;
    const found = await sessions.findByToken(hashOpaqueToken(token));
    if (found === null) throw sessionExpired();
    const refreshToken = newToken();
    const session = await this.#rotate(found.session, found.generation, hashOpaqueToken(refreshToken));
    const user = await users.find(session.userId);
    if (user === null) throw sessionExpired();
    return await this.#tokens(session, user, refreshToken);
  }

  /** The tokens of a session whose organization has changed: the refresh token in use stays good. */
  async accessToken(session: { readonly id: string; readonly userId: string; readonly organizationId: string }) {
    const { id: sessionId, userId, organizationId } = session;
    return await this.#deps.accessTokens.sign({ sessionId, userId, organizationId });
  }

  async #rotate(session: Session, generation: number, newHash: string): Promise<Session> {
    const { database, sessions } = this.#deps;
    if (generation === session.generation) {
      const advanced = await database.knex.transaction(async (trx) => {
        if (!(await sessions.advance(trx, session))) return false;
        await sessions.addToken(trx, session.id, generation + 1, newHash);
        return true;
      });
      if (advanced) return session;
    }
    const current = await sessions.reload(session.id);
    if (current === null) throw sessionExpired();
    const isPrevious = generation === current.generation - 1;
    if (isPrevious && Date.now() - Date.parse(current.rotatedAt) <= GRACE_MS) {
      await sessions.addToken(database.knex, current.id, current.generation, newHash);
      return current;
    }
    await this.#reused(current);
    throw sessionExpired();
  }

  async #reused(session: Session): Promise<void> {
    const { sessions, log } = this.#deps;
    await sessions.revoke(session.userId, session.id);
    log.ended({ sessionId: session.id }, sessionExpired());
    const { organizationId, userId, id } = session;
    await log.record({
      organizationId,
      actor: `user:${userId}`,
      action: 'session.reuse_detected',
      subject: id,
      detail: {},
    });
  }

  async #tokens(session: Session, user: User, refreshToken: string): Promise<SessionTokens> {
    const membership = await this.#deps.organizations.membership(user.id, session.organizationId);
    if (membership === null)
      throw new CustardError('SESSION_EXPIRED', 'You are not in that organization any more.', {
        hint: 'Log in again: custard login',
      });
    return {
      access_token: await this.accessToken(session),
      ...{ token_type: 'Bearer', expires_in: ACCESS_TOKEN_S, refresh_token: refreshToken },
      user: { id: user.id, email: user.email },
      organization: { id: membership.id, name: membership.name, role: membership.role },
    };
  }
}

export async function lastUsedOrganization(
  organizations: Pick<OrganizationRepository, 'listOf'>,
  { id: userId, currentOrganizationId }: User,
): Promise<string> {
  const memberships = await organizations.listOf(userId);
  const current = memberships.find(({ id }) => id === currentOrganizationId) ?? memberships[0];
  if (current === undefined) throw new Error('everybody has an organization');
  return current.id;
}

/** Its prefix tells scanners of leaked secrets what it is. */
const newToken = (): string => `${PREFIX}${createOpaqueToken()}`;
