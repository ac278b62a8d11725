import { createHash, hkdfSync } from 'node:crypto';
import { CustardError } from '#core/errors.ts';

export const ACCESS_TOKEN_S = 15 * 60;

const ALGORITHM = 'HS256';
const TYPE = 'at+jwt';
const ISSUER = 'custard';
/** The API's tokens are nothing to a page, and a page's cookie nothing to the API. */
const AUDIENCES = { api: 'custard-api', page: 'custard-page' } as const;
type Audience = keyof typeof AUDIENCES;
/** Clocks of replicas differ; a token lives that much longer at most. */
const CLOCK_TOLERANCE_S = 10;

export interface AccessClaims {
  readonly userId: string;
  readonly sessionId: string;
  readonly organizationId: string;
}

interface SigningKey {
  readonly id: string;
  readonly key: Uint8Array;
}

/**
 * JWTs of one kind: HS256, typ at+jwt, our issuer and audience, 15 minutes. The first secret signs; the others are good
 * for what they have signed, so that a secret can be replaced while sessions go on.
 */
export class AccessTokens {
  readonly #keys: readonly SigningKey[];
  readonly #current: SigningKey;

  constructor(secret: string, previous: string | null) {
    this.#current = signingKey(secret);
    this.#keys = [this.#current, ...(previous === null ? [] : [signingKey(previous)])];
  }

  async sign({ userId, sessionId, organizationId }: AccessClaims, audience: Audience = 'api'): Promise<string> {
    const { SignJWT } = await import('jose');
    return await new SignJWT({ sid: sessionId, org: organizationId })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: this.#current.id })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCES[audience])
      .setSubject(userId)
      .setIssuedAt()
      .setExpirationTime(`${ACCESS_TOKEN_S}s`)
      .sign(this.#current.key);
  }

  /** SESSION_EXPIRED when it is over, UNAUTHENTICATED when it is not one of ours. */
  async verify(token: string, audience: Audience = 'api'): Promise<AccessClaims> {
    const { jwtVerify, errors } = await import('jose');
    try {
      const { payload } = await jwtVerify(token, ({ kid }) => this.#key(kid), {
        ...{ algorithms: [ALGORITHM], typ: TYPE, issuer: ISSUER, audience: AUDIENCES[audience] },
        ...{ clockTolerance: CLOCK_TOLERANCE_S, requiredClaims: ['sub', 'sid', 'org', 'iat', 'exp'] },
        maxTokenAge: ACCESS_TOKEN_S,
      });
      const { sub, sid, org } = payload;
      if (typeof sub === 'string' && typeof sid === 'string' && typeof org === 'string')
        return { userId: sub, sessionId: sid, organizationId: org };
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw sessionExpired();
      if (!(error instanceof errors.JOSEError)) throw error;
    }
    throw new CustardError('UNAUTHENTICATED', 'The access token is not one of this server.', {
      hint: 'Log in again: custard login',
    });
  }

  async #key(kid: string | undefined): Promise<Uint8Array> {
    const found = this.#keys.find(({ id }) => id === kid);
    if (found !== undefined) return found.key;
    const { errors } = await import('jose');
    throw new errors.JWSSignatureVerificationFailed();
  }
}

export function sessionExpired(): CustardError {
  return new CustardError('SESSION_EXPIRED', 'The session has expired or was ended.', {
    hint: 'Log in again: custard login',
  });
}

/** The id tells nothing of the secret: both come out of one-way functions with labels of their own. */
function signingKey(secret: string): SigningKey {
  const key = new Uint8Array(hkdfSync('sha256', secret, '', 'custard access tokens v1', 32));
  return { id: createHash('sha256').update('custard kid').update(key).digest('base64url').slice(0, 12), key };
}
