import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PAGES } from '#core/protocol/pages.ts';
import { type AccountSuite, describeAccounts } from '../../test-support/account-suite.ts';
import { call, PASSWORD, signUp, someEmail } from '../../test-support/person.ts';
import { ROUTES } from '../../test-support/route-table.ts';

interface Shown {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
let address = 0;

/** As a browser without scripts does; each time from somewhere else, or the limits would answer for everything. */
async function open({ server }: AccountSuite, path: string, init: RequestInit = {}): Promise<Shown> {
  address += 1;
  const response = await fetch(`${server.server.url}${path}`, {
    ...{ redirect: 'manual', ...init },
    headers: { accept: 'text/html', 'x-forwarded-for': `10.7.${address >> 8}.${address & 255}`, ...init.headers },
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const send = (
  suite: AccountSuite,
  path: string,
  fields: Readonly<Record<string, string>> | string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Shown> => {
  const body = typeof fields === 'string' || fields instanceof Uint8Array ? fields : new URLSearchParams(fields);
  return open(suite, path, { method: 'POST', body, headers: { ...FORM, ...headers } });
};

const titleOf = ({ text }: Shown): string => /<h1>(.*)<\/h1>/.exec(text)?.[1] ?? '';
const doneAt = (shown: Shown): [number, string | null] => [shown.status, shown.headers.get('location')];
const cookieOf = ({ headers }: Shown): string => headers.getSetCookie()[0]?.split(';')[0] ?? '';
const formTokenOf = ({ text }: Shown): string => /name="form_token" value="([^"]+)"/.exec(text)?.[1] ?? '';

const POSTS = Object.entries(ROUTES).filter(([, { form, body }]) => form === true && body !== undefined);

describeAccounts('pages', (suite) => {
  const logIn = async (email: string, userCode?: string) =>
    await send(suite, '/log-in', {
      email,
      password: PASSWORD,
      ...(userCode === undefined ? {} : { user_code: userCode }),
    });
  const device = async (): Promise<{ user_code: string; device_code: string }> =>
    (await suite.auth('device_authorization', { client_id: 'custard-cli', client: '<b>box</b>' })).body as never;

  it('say what the browser is to keep from everybody, each and every one', async () => {
    for (const path of [...Object.values(PAGES), '/done/joined', '/nowhere', '/assets/x']) {
      const { headers } = await open(suite, path);
      const csp = headers.get('content-security-policy') ?? '';
      expect([path, csp]).toEqual([
        path,
        expect.stringMatching(/^default-src 'none';.*frame-ancestors 'none'; base-uri 'none'$/),
      ]);
      expect(csp).not.toMatch(/unsafe|https?:|\*/);
      expect(Object.fromEntries(headers)).toMatchObject({
        'cache-control': 'no-store',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'permissions-policy': expect.stringContaining('camera=()'),
        'x-content-type-options': 'nosniff',
        'referrer-policy': expect.stringMatching(/^(no-referrer|same-origin)$/),
      });
      expect(headers.get('strict-transport-security')).toBeNull();
    }
    for (const path of [PAGES.verifyEmail, PAGES.resetPassword, PAGES.acceptInvitation])
      expect((await open(suite, path)).headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('answer what is not there with a page for people, and in JSON for programs', async () => {
    const page = await open(suite, '/nowhere/<script>');
    expect([page.status, titleOf(page)]).toEqual([404, 'There is nothing here']);
    expect(page.text).not.toContain('<script>alert');
    for (const [path, accept] of [
      ['/nowhere', '*/*'],
      ['/api/v1/nowhere', 'text/html'],
    ] as const) {
      const { headers } = await open(suite, path, { headers: { accept } });
      expect([path, headers.get('content-type')]).toEqual([path, expect.stringContaining('application/json')]);
    }
    const wrongMethod = await open(suite, '/reset-password', { method: 'DELETE' });
    expect([wrongMethod.status, wrongMethod.headers.get('allow')]).toEqual([405, expect.stringContaining('POST')]);
    expect(wrongMethod.text).toContain('<h1>');
  });

  it('serve what they are made of, for good', async () => {
    const { text } = await open(suite, '/');
    const files = [...text.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, file]) => file ?? '');
    expect(new Set(files).size).toBe(3);
    for (const file of files) {
      const { status, headers } = await open(suite, file);
      expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
    }
  });

  it('do nothing when a link is opened, however often: mail scanners open them too', async () => {
    const email = someEmail();
    await suite.auth('signup', { email, password: PASSWORD });
    const { token } = await suite.server.outbox.next(email);
    for (const method of ['GET', 'HEAD', 'GET'])
      expect((await open(suite, `/verify-email?token=${token}`, { method })).status).toBe(200);
    expect(doneAt(await send(suite, '/verify-email', { token }))).toEqual([303, '/done/email-verified']);
    const again = await send(suite, '/verify-email', { token });
    expect([again.status, titleOf(again)]).toEqual([400, 'That link is not good any more']);
    expect(again.text).toContain('href="/resend-verification"');
    expect(titleOf(await open(suite, `/verify-email?token=${token}`))).toBe('That link is not good any more');
  });

  it('say what is wrong with a link that is cut off, forged, or of another kind', async () => {
    const { email } = await signUp(suite.server);
    await suite.auth('forgot-password', { email });
    const { token } = await suite.server.outbox.next(email);
    for (const page of ['/verify-email', '/accept-invitation']) {
      expect(titleOf(await open(suite, `${page}?token=${token}`))).toBe('That link is not good any more');
      expect(titleOf(await open(suite, page))).toBe('That link is not whole');
    }
    expect(titleOf(await open(suite, `/reset-password?token=${token.slice(1)}`))).toBe('That link is not whole');
    expect((await open(suite, `/reset-password?token=${token}&token=x`)).status).toBe(400);
  });

  it('leave a link good when the password is refused, and say why', async () => {
    const { email } = await signUp(suite.server);
    await suite.auth('forgot-password', { email });
    const { token } = await suite.server.outbox.next(email);
    const short = await send(suite, '/reset-password', { token, password: 'short' });
    expect([short.status, short.text]).toEqual([400, expect.stringContaining('shorter than 12 characters')]);
    expect(short.text).toContain('role="alert"');
    expect(short.text).not.toContain('value="short"');
    expect(doneAt(await send(suite, '/reset-password', { token, password: `${PASSWORD} 2` }))[1]).toBe(
      '/done/password-set',
    );
  });

  it('let a person join, with an account and without', async () => {
    const owner = await signUp(suite.server);
    const known = await signUp(suite.server);
    for (const email of [known.email, someEmail()]) {
      await owner.call('POST', '/api/v1/invitations', { email, role: 'member' });
      const { token } = await suite.server.outbox.next(email);
      const page = await open(suite, `/accept-invitation?token=${token}`);
      expect(page.text).toContain(email);
      if (email === known.email) {
        const wrong = await send(suite, '/accept-invitation', { token, password: 'not the password of it 1' });
        expect([wrong.status, wrong.text]).toEqual([401, expect.stringContaining('does not fit')]);
      }
      expect(doneAt(await send(suite, '/accept-invitation', { token, password: PASSWORD }))).toEqual([
        303,
        '/done/joined',
      ]);
      expect((await suite.auth('login', { email, password: PASSWORD })).status).toBe(200);
    }
  });

  it('say the same for known and unknown addresses', async () => {
    const { email } = await signUp(suite.server);
    for (const path of ['/forgot-password', '/resend-verification']) {
      const [known, unknown] = [await send(suite, path, { email }), await send(suite, path, { email: someEmail() })];
      expect(doneAt(known)).toEqual(doneAt(unknown));
      expect(known.status).toBe(303);
    }
  });

  it('let a device in from a short session of their own, which is nothing to the API', async () => {
    const { email } = await signUp(suite.server);
    const { user_code: code } = await device();
    const loggedIn = await logIn(email, code);
    expect(doneAt(loggedIn)).toEqual([303, `/device?user_code=${code}`]);
    expect(loggedIn.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^custard=[\w.-]+; Path=\/; Max-Age=900; HttpOnly; SameSite=Strict$/),
    ]);
    const cookie = cookieOf(loggedIn);
    const bearer = { authorization: `Bearer ${cookie.split('=')[1]}` };
    expect((await call(suite.server, 'GET', '/api/v1/auth/profile', undefined, { headers: bearer })).status).toBe(401);
    const page = await open(suite, `/device?user_code=${code}`, { headers: { cookie } });
    expect(page.text).toContain('&lt;b&gt;box&lt;/b&gt;');
    const decision = { user_code: code, decision: 'approve' };
    const forged = await send(suite, '/device', { ...decision, form_token: 'A'.repeat(43) }, { cookie });
    expect([forged.status, titleOf(forged)]).toEqual([403, 'That was stopped']);
    const formToken = formTokenOf(page);
    expect(doneAt(await send(suite, '/device', { ...decision, form_token: formToken }))[1]).toBe(
      `/device?user_code=${code}`,
    );
    const approved = await send(suite, '/device', { ...decision, form_token: formToken }, { cookie });
    expect(doneAt(approved)).toEqual([303, '/done/device-approved']);
    const out = await send(suite, '/log-out', { form_token: formToken }, { cookie });
    expect(out.headers.getSetCookie()[0]).toContain('Max-Age=0');
    // Taken back on the server, not in the browser alone.
    expect(titleOf(await open(suite, '/device', { headers: { cookie } }))).toBe('Log in to let a device in');
  });

  it('take no form from another site', async () => {
    const { email } = await signUp(suite.server);
    const own = new URL(suite.server.server.url);
    const from = (headers: Record<string, string>) => send(suite, '/log-in', { email, password: PASSWORD }, headers);
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: own.origin },
      { origin: 'https://evil.example' },
      { origin: `${own.origin}.evil.example` },
      { origin: 'null' },
      { origin: 'x' },
    ] as Record<string, string>[])
      expect([headers, (await from(headers)).status]).toEqual([headers, 403]);
    for (const headers of [{ 'sec-fetch-site': 'same-origin', origin: 'null' }, { origin: own.origin }, {}] as Record<
      string,
      string
    >[])
      expect([headers, (await from(headers)).status]).toEqual([headers, 303]);
  });

  it('slow down who guesses a password, as the API does, and keep what was typed', async () => {
    const { email } = await signUp(suite.server);
    const guess = () =>
      send(suite, '/log-in', { email, password: 'not the password of it 1' }, { 'x-forwarded-for': '10.6.0.1' });
    const answers = [];
    for (let turn = 0; turn < 7; turn++) answers.push(await guess());
    const last = answers.at(-1);
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 401, 429]);
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(last?.text).toMatch(/Wait \d+ seconds?/);
    expect(last?.text).toContain(`value="${email}"`);
  });

  for (const [route, { body }] of POSTS) {
    it(`refuse at ${route} whatever is no form of theirs`, async () => {
      const path = route.split(' ')[1] ?? '';
      const good = new URLSearchParams(body?.({}) as Record<string, string>).toString();
      const field = good.split('=')[0] ?? '';
      const wrong: readonly [string, string | Uint8Array<ArrayBuffer>, string?][] = [
        ['nothing', ''],
        ['an unknown field', `${good}&unknown=1`],
        ['a field twice', `${good}&${field}=x`],
        ['no UTF-8', new Uint8Array(Buffer.from(`${good}&x=\xFF`, 'latin1'))],
        ['no UTF-8 behind %', `${field}=%FF%FE`],
        ['a NUL', `${field}=a%00b`],
        ['too much', `${good}&x=${'x'.repeat(17_000)}`],
        ['JSON', JSON.stringify(body?.({})), 'application/json'],
        ['parts', good, 'multipart/form-data; boundary=x'],
        ['text', good, 'text/plain'],
      ];
      for (const [what, sent, type = FORM['content-type']] of wrong) {
        const shown = await send(suite, path, sent, { 'content-type': type });
        expect([what, shown.status, titleOf(shown) !== '']).toEqual([what, expect.toBeOneOf([400, 413]), true]);
      }
    });
  }

  it('say that something went wrong here, and under which name it is found, when it did', async () => {
    const { schema } = suite.database.knex;
    await schema.renameTable('link_tokens', 'away');
    try {
      const shown = await open(suite, `/verify-email?token=${'A'.repeat(43)}`);
      expect([shown.status, titleOf(shown)]).toEqual([500, 'Something went wrong here']);
      expect(shown.text).toContain(shown.headers.get('x-request-id'));
      expect(shown.text).not.toMatch(/link_tokens|select|relation/i);
    } finally {
      await suite.database.knex.schema.renameTable('away', 'link_tokens');
    }
  });

  it('send back no text as markup, whatever it is', async () => {
    const nasty = fc.oneof(
      fc.stringMatching(/^[<>"'&/= a-z]{1,40}$/),
      fc.constantFrom('"><script>alert(1)</script>', '\'"<img src=x>', '\u202E<b>'),
    );
    await fc.assert(
      fc.asyncProperty(nasty, async (text) => {
        const mark = `zqx${text}`;
        for (const shown of [
          await send(suite, '/forgot-password', { email: mark }),
          await send(suite, '/log-in', { email: mark, password: '', user_code: mark.slice(0, 40) }),
          await open(suite, `/device?${new URLSearchParams({ user_code: mark })}`),
        ]) {
          expect([text, shown.status < 500]).toEqual([text, true]);
          for (const [, after = ''] of shown.text.matchAll(/zqx([\s\S]{0,60})/g)) expect(after).toMatch(/^[^<>"']*"/);
        }
      }),
      { numRuns: 25 },
    );
  });
});

describeAccounts(
  'pages behind TLS',
  (suite) => {
    it('tell the browser to stay there, and give it a cookie for this host alone', async () => {
      const { email } = await signUp(suite.server);
      expect((await open(suite, '/')).headers.get('strict-transport-security')).toBe('max-age=31536000');
      const loggedIn = await send(
        suite,
        '/log-in',
        { email, password: PASSWORD },
        { origin: 'https://custard.example.com' },
      );
      expect(loggedIn.headers.getSetCookie()[0]).toMatch(/^__Host-custard=.*; HttpOnly; SameSite=Strict; Secure$/);
    });
  },
  { env: { PUBLIC_URL: 'https://custard.example.com' } },
);
