import { isCustardError } from '#core/errors.ts';
import type { Database } from '../db/database.ts';
import type { OrganizationRepository } from '../db/organization-repository.ts';
import type { SessionRepository } from '../db/session-repository.ts';
import type { User, UserRepository } from '../db/user-repository.ts';
import { ACCESS_TOKEN_S, type AccessClaims, type AccessTokens } from '../identity/access-token.ts';
import type { Principal } from '../identity/principal.ts';
import type { SecurityLog } from './security-log.ts';
import { lastUsedOrganization } from './sessions.ts';

interface PageSessionDependencies {
  readonly database: Database;
  readonly sessions: SessionRepository;
  readonly users: UserRepository;
  readonly organizations: OrganizationRepository;
  readonly accessTokens: AccessTokens;
  readonly log: SecurityLog;
}

/** Cannot be made longer: whoever lets another device in later logs in again. */
export const PAGE_SESSION_S = ACCESS_TOKEN_S;

const CLIENT = 'the page that lets devices in';

/** Sessions of the pages: short, without a refresh token, and of no use to the API. */
export class PageSessions {
  readonly #deps: PageSessionDependencies;

  constructor(deps: PageSessionDependencies) {
    this.#deps = deps;
  }

  /** What the cookie is to hold. */
  async open(user: User): Promise<string> {
    const { database, sessions, organizations, accessTokens, log } = this.#deps;
    const organizationId = await lastUsedOrganization(organizations, user);
    const made = { userId: user.id, organizationId, client: CLIENT, lifetimeMs: PAGE_SESSION_S * 1000 };
    const { id: sessionId } = await sessions.create(database.knex, made, null);
    const event = { organizationId, actor: `user:${user.id}`, action: 'session.opened', subject: sessionId };
    await log.record({ ...event, detail: { client: CLIENT } });
    return await accessTokens.sign({ userId: user.id, sessionId, organizationId }, 'page');
  }

  /** Whose cookie it is; null when it is nobody's any more. */
  async find(cookie: string): Promise<{ readonly principal: Principal; readonly email: string } | null> {
    const { sessions, users } = this.#deps;
    const claims = await this.#verify(cookie);
    const session = claims === null ? null : await sessions.findActive(claims.sessionId);
    const user = session === null ? null : await users.find(session.user_id);
    if (claims === null || session === null || user === null) return null;
    const { user_id: userId, organization_id: organizationId, role } = session;
    const principal = {
      userId,
      organizationId,
      role,
      tokenId: claims.sessionId,
      kind: 'session',
      scopes: null,
    } as const;
    return { principal, email: user.email ?? '' };
  }

  async #verify(cookie: string): Promise<AccessClaims | null> {
    try {
      return await this.#deps.accessTokens.verify(cookie, 'page');
    } catch (error) {
      if (isCustardError(error)) return null;
      throw error;
    }
  }
}
