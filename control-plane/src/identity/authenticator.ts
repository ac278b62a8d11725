import { CustardError } from '#core/errors.ts';
import { BoundedCache } from '../bounded-cache.ts';
import type { SessionRepository } from '../db/session-repository.ts';
import type { TokenRepository } from '../db/token-repository.ts';
import { type AccessTokens, sessionExpired } from './access-token.ts';
import type { Principal } from './principal.ts';
import { hashSecretKey, isSecretKey } from './secret-key.ts';

/** How long a token or session that was ended on another replica may still pass here. */
const KEEP_MS = 5_000;

interface AuthenticatorOptions {
  readonly tokens: TokenRepository;
  readonly sessions: SessionRepository;
  readonly accessTokens: AccessTokens;
  /** Known to this process only and never stored: an embedder's way in. */
  readonly ownToken: { readonly token: string; readonly principal: Principal } | null;
}

/** From an Authorization header to who asks: a token, or the access token of a session. */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #known = new BoundedCache<Principal>({ limit: 10_000, keepMs: KEEP_MS });
  readonly #ownHash: string | null;
  /** Counts how often everything was forgotten. */
  #epoch = 0;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
    this.#ownHash = options.ownToken && hashSecretKey(options.ownToken.token);
  }

  async authenticate(header: string | undefined): Promise<Principal> {
    const key = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
    if (key === undefined) throw unauthenticated('This needs a token.');
    if (key.startsWith('ey')) return await this.#session(key);
    if (!isSecretKey(key)) throw unauthenticated('The token is not one of Custard, or a part of it is missing.');
    const hash = hashSecretKey(key);
    const { ownToken, tokens } = this.#options;
    if (ownToken !== null && hash === this.#ownHash) return ownToken.principal;
    return await this.#remembered(`token/${hash}`, async () => {
      const principal = await tokens.findValid(hash);
      if (principal === null) throw unauthenticated('The token is not known, has expired or was revoked.');
      await tokens.recordUse(principal.organizationId, principal.tokenId);
      return principal;
    });
  }

  /** Those whose session or token is no longer good for what it was: for what stays open. */
  async ended(principals: readonly Principal[]): Promise<Principal[]> {
    const { sessions, tokens } = this.#options;
    const idsOf = (kind: Principal['kind']) =>
      principals.filter((one) => one.kind === kind).map(({ tokenId }) => tokenId);
    const active = new Map((await sessions.listActive(idsOf('session'))).map((session) => [session.id, session]));
    const roles = await tokens.rolesOf(idsOf('token'));
    return principals.filter(({ kind, tokenId, organizationId, role }) => {
      if (kind === 'token') return roles.get(tokenId) !== role;
      const session = active.get(tokenId);
      return session?.organization_id !== organizationId || session.role !== role;
    });
  }

  /** What was remembered is looked up anew. */
  forget(): void {
    this.#epoch += 1;
    this.#known.clear();
  }

  async #session(accessToken: string): Promise<Principal> {
    const claims = await this.#options.accessTokens.verify(accessToken);
    const principal = await this.#remembered(`session/${claims.sessionId}`, async () => {
      const session = await this.#options.sessions.findActive(claims.sessionId);
      if (session === null) throw sessionExpired();
      const { user_id: userId, organization_id: organizationId, role } = session;
      return { organizationId, userId, tokenId: claims.sessionId, kind: 'session', role, scopes: null };
    });
    // The session went on to another organization: what was asked for is not looked up in the wrong one.
    if (principal.organizationId === claims.organizationId && principal.userId === claims.userId) return principal;
    throw new CustardError('SESSION_EXPIRED', 'The session is in another organization by now.', {
      hint: 'Refresh the access token; the command does that by itself.',
    });
  }

  async #remembered(key: string, look: () => Promise<Principal>): Promise<Principal> {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const epoch = this.#epoch;
    const principal = await look();
    if (epoch === this.#epoch) this.#known.set(key, principal); // else it was ended while it was looked up
    return principal;
  }
}

function unauthenticated(message: string): CustardError {
  return new CustardError('UNAUTHENTICATED', message, {
    hint: 'Log in: custard login. Or put a token into CUSTARD_TOKEN; the server printed the first one when it first started.',
  });
}
