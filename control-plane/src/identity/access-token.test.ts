import { hkdfSync } from 'node:crypto';
import { decodeProtectedHeader, SignJWT } from 'jose';
import { expect, it } from 'vitest';
import { AccessTokens } from './access-token.ts';

const SECRET = 'x4fT9q!mZp2Lw8Rk0Vd6Yh3Nb7Jc5Gs1';
const CLAIMS = { userId: 'user_1', sessionId: 'session_1', organizationId: 'org_1' };
const tokens = new AccessTokens(SECRET, null);
/** The very key: what is wrong with these tokens is not who made them. */
const KEY = new Uint8Array(hkdfSync('sha256', SECRET, '', 'custard access tokens v1', 32));

const now = Math.floor(Date.now() / 1000);
const RIGHT = {
  header: { alg: 'HS256', typ: 'at+jwt' },
  payload: {
    sid: 'session_1',
    org: 'org_1',
    sub: 'user_1',
    iss: 'custard',
    aud: 'custard-api',
    iat: now,
    exp: now + 900,
  },
};

async function made({ header = {}, payload = {} }: { readonly header?: object; readonly payload?: object }) {
  const { kid = '' } = decodeProtectedHeader(await tokens.sign(CLAIMS));
  const all = Object.entries({ ...RIGHT.payload, ...payload }).filter(([, value]) => value !== null);
  return await new SignJWT(Object.fromEntries(all)).setProtectedHeader({ ...RIGHT.header, kid, ...header }).sign(KEY);
}

it('are read by who made them', async () => {
  expect(await tokens.verify(await tokens.sign(CLAIMS))).toEqual(CLAIMS);
  expect(await tokens.verify(await made({}))).toEqual(CLAIMS);
});

it.each([
  ['of another type', { header: { typ: 'JWT' } }],
  ['of no type', { header: { typ: undefined } }],
  ['of another algorithm', { header: { alg: 'HS512' } }],
  ['of a key nobody knows', { header: { kid: 'other' } }],
  ['of no key', { header: { kid: undefined } }],
  ['with a key in it', { header: { kid: 'other', jku: 'https://example.com/keys' } }],
  ['for another audience', { payload: { aud: 'other' } }],
  ['of another issuer', { payload: { iss: 'other' } }],
  ['without an end', { payload: { exp: null } }],
  ['without a beginning', { payload: { iat: null } }],
  ['of tomorrow', { payload: { iat: now + 86_400, exp: now + 87_000 } }],
  ['not good yet', { payload: { nbf: now + 600 } }],
  ['of no session', { payload: { sid: null } }],
  ['of a session that is no text', { payload: { sid: 1 } }],
  ['of nobody', { payload: { sub: null } }],
])('are refused %s', async (_, wrong) => {
  await expect(tokens.verify(await made(wrong))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

it.each([
  ['that have ended', { exp: now - 60 }],
  ['that end later than any may', { iat: now - 1000, exp: now + 10_000 }],
])('are over %s', async (_, payload) => {
  await expect(tokens.verify(await made({ payload }))).rejects.toMatchObject({ code: 'SESSION_EXPIRED' });
});
