import { CustardError } from '#core/errors.ts';
import { BoundedCache } from '../bounded-cache.ts';
import type { TokenRepository } from '../db/token-repository.ts';
import type { Principal } from './principal.ts';
import { hashSecretKey, isSecretKey } from './secret-key.ts';

/** How long a token revoked on another replica may still pass here. */
const KEEP_MS = 5_000;

/** From an Authorization header to who asks. */
export class Authenticator {
  readonly #tokens: TokenRepository;
  readonly #known = new BoundedCache<Principal>({ limit: 10_000, keepMs: KEEP_MS });
  readonly #ownToken: { readonly hash: string; readonly principal: Principal } | null;

  /** `ownToken` is known to this process only and is never stored: an embedder's way in. */
  constructor(tokens: TokenRepository, ownToken: { readonly token: string; readonly principal: Principal } | null) {
    this.#tokens = tokens;
    this.#ownToken = ownToken && { hash: hashSecretKey(ownToken.token), principal: ownToken.principal };
  }

  async authenticate(header: string | undefined): Promise<Principal> {
    const key = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
    if (key === undefined) throw unauthenticated('This needs a token.');
    if (!isSecretKey(key)) throw unauthenticated('The token is not one of Custard, or a part of it is missing.');
    const hash = hashSecretKey(key);
    if (hash === this.#ownToken?.hash) return this.#ownToken.principal;
    const known = this.#known.get(hash);
    if (known !== undefined) return known;
    const principal = await this.#tokens.findValid(hash);
    if (principal === null) throw unauthenticated('The token is not known, has expired or was revoked.');
    this.#known.set(hash, principal);
    return principal;
  }
}

function unauthenticated(message: string): CustardError {
  return new CustardError('UNAUTHENTICATED', message, {
    hint: 'Put a token into CUSTARD_TOKEN; the server printed the first one when it first started.',
  });
}
