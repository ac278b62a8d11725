import { afterEach, expect, it, vi } from 'vitest';
import {
  CLIENT_ID,
  DEVICE_GRANT_TYPE,
  DeviceAuthorization,
  OAuthError,
  SessionTokens,
} from '#core/protocol/accounts.ts';
import { type AccountSuite, describeAccounts } from '../../test-support/account-suite.ts';
import { type Answer, signUp } from '../../test-support/person.ts';
import { readBody } from '../../test-support/test-server.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** RFC 8628 has both of its routes take forms. */
async function form(suite: AccountSuite, verb: string, fields: Record<string, string>): Promise<Answer> {
  const response = await fetch(`${suite.server.server.url}/api/v1/auth/${verb}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
  });
  return { status: response.status, headers: response.headers, body: await readBody(response) };
}

describeAccounts('a device', (suite) => {
  const begin = async (client = 'custard on a server') =>
    DeviceAuthorization.parse((await form(suite, 'device_authorization', { client_id: CLIENT_ID, client })).body);
  const poll = (device_code: string) =>
    form(suite, 'token', { grant_type: DEVICE_GRANT_TYPE, device_code, client_id: CLIENT_ID });
  const errorOf = async (code: string) => OAuthError.parse((await poll(code)).body).error;
  /** As if so many seconds had gone by since the device asked last. */
  const later = async (seconds: number) => {
    const polled_at = new Date(Date.now() - seconds * 1000).toISOString();
    await suite.database.knex('device_grants').whereNotNull('polled_at').update({ polled_at });
  };

  it('waits until its person lets it in, and is let in once', async () => {
    const person = await signUp(suite.server);
    const device = await begin();
    expect(device).toMatchObject({ expires_in: 600, interval: 5 });
    expect(device.user_code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    expect(device.verification_uri_complete).toBe(`${suite.server.server.url}/device?user_code=${device.user_code}`);
    expect(await errorOf(device.device_code)).toBe('authorization_pending');
    const typed = { user_code: device.user_code.toLowerCase().replace('-', ' ') };
    const found = await person.call('POST', '/api/v1/auth/device/find', typed);
    expect(found.body).toMatchObject({ user_code: device.user_code, client: 'custard on a server' });
    expect((await person.call('POST', '/api/v1/auth/device/approve', typed)).status).toBe(204);
    expect((await person.call('POST', '/api/v1/auth/device/approve', typed)).status).toBe(404);
    await later(6);
    const answers = await Promise.all(Array.from({ length: 5 }, () => poll(device.device_code)));
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(SessionTokens.parse(won[0]?.body).user.id).toBe(person.userId);
    await later(60);
    expect(await errorOf(device.device_code)).toBe('invalid_grant');
  });

  it('that is turned away is told so', async () => {
    const person = await signUp(suite.server);
    const { device_code, user_code } = await begin();
    expect((await person.call('POST', '/api/v1/auth/device/deny', { user_code })).status).toBe(204);
    expect(await errorOf(device_code)).toBe('access_denied');
  });

  it('that asks too often has to wait longer each time', async () => {
    const { device_code } = await begin();
    expect(await errorOf(device_code)).toBe('authorization_pending');
    expect(await errorOf(device_code)).toBe('slow_down');
    await later(6);
    expect(await errorOf(device_code)).toBe('slow_down');
    await later(16);
    expect(await errorOf(device_code)).toBe('authorization_pending');
  });

  it('that nobody lets in in time has to begin again', async () => {
    const person = await signUp(suite.server);
    const { device_code, user_code } = await begin();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 601_000 });
    expect(await errorOf(device_code)).toBe('expired_token');
    expect((await person.call('POST', '/api/v1/auth/device/approve', { user_code })).status).toBe(404);
    expect(await errorOf('A'.repeat(43))).toBe('invalid_grant');
  });

  it('has a code that nobody gets to guess', async () => {
    const person = await signUp(suite.server);
    const guess = () => person.call('POST', '/api/v1/auth/device/approve', { user_code: 'BBBB-BBBB' });
    const statuses = [];
    for (let turn = 0; turn < 13; turn++) statuses.push((await guess()).status);
    // The eleventh is the last that need not wait.
    expect(statuses).toEqual([...Array.from({ length: 11 }, () => 404), 429, 429]);
  });

  it.each([
    [{ grant_type: 'password', device_code: 'x', client_id: CLIENT_ID }, 'unsupported_grant_type'],
    [{ grant_type: DEVICE_GRANT_TYPE, device_code: 'x', client_id: 'other' }, 'invalid_client'],
    [{ grant_type: DEVICE_GRANT_TYPE, client_id: CLIENT_ID }, 'invalid_request'],
  ])('that asks for %j is told what is wrong in OAuth’s words', async (fields, error) => {
    const { status, body } = await form(suite, 'token', fields as Record<string, string>);
    expect([status, OAuthError.parse(body).error]).toEqual([400, error]);
    const { client_id: _id, ...rest } = fields;
    expect((await form(suite, 'device_authorization', rest as Record<string, string>)).body.error).toBe(
      'invalid_request',
    );
  });

  it('is let in by a person, not by a token', async () => {
    const { user_code } = await begin();
    expect((await suite.server.request('POST', '/api/v1/auth/device/approve', { user_code })).status).toBe(403);
  });
});
