import { randomBytes } from 'node:crypto';
import axe from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChromium, Visit } from './support/browser.ts';
import { WebServer } from './support/web-server.ts';

/** The pages in a real Chromium, from the mail's link to the log-in that follows. */

const PASSWORD = 'gravel otter lantern 73 quilt';
const OTHER = 'another pass phrase entirely 9';

let server: WebServer;
let browser: Browser;
beforeAll(async () => {
  [server, browser] = await Promise.all([WebServer.start(), startChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

const someEmail = (): string => `ada-${randomBytes(5).toString('hex')}@example.com`;
const logIn = (email: string, password = PASSWORD) => server.call('auth/login', { body: { email, password } });
const clients = { client_id: 'custard-cli', client: 'custard on ada-laptop' };
const poll = (device_code: string) =>
  server.call('auth/token', {
    body: { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code, client_id: 'custard-cli' },
  });

async function account(): Promise<{ email: string; token: string }> {
  const email = someEmail();
  await server.call('auth/signup', { body: { email, password: PASSWORD } });
  const token = new URL(await server.linkFor(email)).searchParams.get('token');
  await server.call('auth/verify-email', { body: { token } });
  return { email, token: (await logIn(email)).body['access_token'] };
}

async function resetLink(email: string): Promise<string> {
  await server.call('auth/forgot-password', { body: { email } });
  return await server.linkFor(email);
}

async function invitationLink(as: string, email = someEmail()): Promise<string> {
  await server.call('invitations', { body: { email, role: 'member' }, as });
  return await server.linkFor(email);
}

async function logInOnPage(visit: Visit, email: string): Promise<void> {
  const { page } = visit;
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await visit.press('Log in');
}

/** Nothing the CSP stopped, no error of the script, nothing asked of anybody else. */
function expectQuiet({ complaints, requested }: Visit): void {
  expect(complaints).toEqual([]);
  expect(new Set(requested.map((url) => new URL(url).origin))).toEqual(new Set([server.origin]));
}

describe.each([
  ['with scripts', true],
  ['without scripts', false],
])('in a browser %s', (_, javaScriptEnabled) => {
  it('an address is confirmed by one click on the page of the link, and the account is there', async () => {
    const email = someEmail();
    await server.call('auth/signup', { body: { email, password: PASSWORD } });
    await using visit = await Visit.start(browser, { javaScriptEnabled });
    await visit.page.goto(await server.linkFor(email));
    expect((await logIn(email)).body['error'].code).toBe('EMAIL_NOT_VERIFIED');
    await visit.press('Confirm this address');
    expect(await visit.heading()).toBe('Your account is ready');
    await visit.page.reload();
    expect(await visit.heading()).toBe('Your account is ready');
    expect((await logIn(email)).status).toBe(200);
    expectQuiet(visit);
  });

  it('a new password is asked for, set, and ends what was open before', async () => {
    const { email, token } = await account();
    await using visit = await Visit.start(browser, { javaScriptEnabled });
    await visit.page.goto(server.origin);
    await visit.page.getByRole('link', { name: 'Set a new password' }).click();
    await visit.page.getByLabel('E-mail address').fill(email.toUpperCase());
    await visit.press('Send the mail');
    expect(await visit.heading()).toBe('A mail is on its way');
    await visit.page.goto(await server.linkFor(email));
    await visit.page.getByLabel('New password').fill(OTHER);
    await visit.press('Set this password');
    expect(await visit.heading()).toBe('Your new password is set');
    expect((await server.call('auth/profile', { as: token })).status).toBe(401);
    expect([(await logIn(email)).status, (await logIn(email, OTHER)).status]).toEqual([401, 200]);
    expectQuiet(visit);
  });

  it.each(['Let it in', 'Turn it away'])('a device is shown to its person, who decides: %s', async (decision) => {
    const { email } = await account();
    const { body: device } = await server.call('auth/device_authorization', { body: clients });
    await using visit = await Visit.start(browser, { javaScriptEnabled });
    await visit.page.goto(device['verification_uri_complete']);
    await logInOnPage(visit, email);
    expect(await visit.heading()).toBe('Let a device in');
    const shown = await visit.page.getByRole('main').innerText();
    for (const text of [device['user_code'], 'custard on ada-laptop', '127.0.0.1', email])
      expect(shown).toContain(text);
    await visit.press(decision);
    const isIn = decision === 'Let it in';
    expect(await visit.heading()).toBe(isIn ? 'The device is let in' : 'The device was turned away');
    const { status, body } = await poll(device['device_code']);
    expect([status, isIn ? body['user'].email : body['error']]).toEqual(isIn ? [200, email] : [400, 'access_denied']);
    expectQuiet(visit);
  });

  it('a code is typed by hand, a wrong one is told, and logging out ends it', async () => {
    const { email } = await account();
    const { body: device } = await server.call('auth/device_authorization', { body: clients });
    await using visit = await Visit.start(browser, { javaScriptEnabled });
    await visit.page.goto(device['verification_uri']);
    await logInOnPage(visit, email);
    await visit.page.getByLabel('Code').fill('BBBB-BBBB');
    await visit.press('Go on');
    await expect.poll(() => visit.page.getByRole('alert').innerText()).toContain('No device waits with that code');
    await visit.page.getByLabel('Code').fill(device['user_code'].toLowerCase().replace('-', ' '));
    await visit.press('Go on');
    expect(await visit.page.getByRole('main').innerText()).toContain(device['user_code']);
    await visit.press('Log out');
    expect(await visit.heading()).toBe('You are logged out here');
    await visit.page.goto(device['verification_uri_complete']);
    expect(await visit.heading()).toBe('Log in to let a device in');
    expect((await poll(device['device_code'])).body['error']).toBe('authorization_pending');
  });

  it('an invitation is accepted, and who accepted it logs in to the organization', async () => {
    const owner = await account();
    const email = someEmail();
    await using visit = await Visit.start(browser, { javaScriptEnabled });
    await visit.page.goto(await invitationLink(owner.token, email));
    expect(await visit.page.getByRole('main').innerText()).toContain(email);
    await visit.page.getByLabel('First name').fill('Grace');
    await visit.page.getByLabel('Choose a password').fill(PASSWORD);
    await visit.press('Join');
    expect(await visit.heading()).toBe('You are in');
    const { body: organizations } = await server.call('organizations', { as: owner.token });
    expect((await logIn(email)).body['organization']).toMatchObject({ id: organizations['current'], role: 'member' });
    expectQuiet(visit);
  });
});

interface Opened {
  readonly name: string;
  readonly open: (visit: Visit) => Promise<unknown>;
}

/** Each page, and those on which something went wrong. */
async function everyPage(): Promise<Opened[]> {
  const { email, token } = await account();
  const [reset, invitation] = [await resetLink(email), await invitationLink(token)];
  const joining = await invitationLink(token, (await account()).email);
  await server.call('auth/signup', { body: { email: `new-${email}`, password: PASSWORD } });
  const verify = await server.linkFor(`new-${email}`);
  const { body: device } = await server.call('auth/device_authorization', { body: clients });
  const at = (path: string): Opened => ({ name: path, open: ({ page }) => page.goto(server.origin + path) });
  const link = (name: string, address: string): Opened => ({ name, open: ({ page }) => page.goto(address) });
  const paths = [
    '/',
    '/forgot-password',
    '/resend-verification',
    '/device',
    '/verify-email',
    '/nowhere',
    '/done/reset-sent',
  ];
  return [
    ...paths.map(at),
    at(`/verify-email?token=${'A'.repeat(43)}`),
    ...[link('verify', verify), link('reset', reset), link('invitation', invitation), link('joining', joining)],
    {
      name: 'refused',
      open: async (visit) => {
        await visit.page.goto(reset);
        await visit.page.getByLabel('New password').fill('password12345');
        await visit.press('Set this password');
      },
    },
    {
      name: 'decision',
      open: async (visit) => {
        await visit.page.goto(device['verification_uri_complete']);
        await logInOnPage(visit, email);
        await visit.page.getByRole('button', { name: 'Let it in' }).waitFor();
      },
    },
  ];
}

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds wrong, and that it looked at what matters. */
async function examine({ page }: Visit, rules: readonly string[]): Promise<unknown> {
  const found = await page.evaluate<axe.AxeResults>(`axe.run(document, ${JSON.stringify({ runOnly: rules })})`);
  expect(found.passes.map(({ id }) => id)).toContain('color-contrast');
  return found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}

describe('every page', () => {
  it('is readable at 320 pixels, in light and dark, and by a screen reader', { timeout: 120_000 }, async () => {
    for (const { name, open } of await everyPage()) {
      await using visit = await Visit.start(browser, { colorScheme: 'light', reducedMotion: 'reduce' });
      await open(visit);
      const { page } = visit;
      expect([name, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([name, 320]);
      await page.evaluate(axe.source);
      expect([name, await examine(visit, STANDARDS)]).toEqual([name, []]);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect([name, await examine(visit, ['color-contrast'])]).toEqual([name, []]);
      // A page with 4xx is told of in the console too.
      expect([name, visit.complaints.filter((text) => !/status of 4\d\d/.test(text))]).toEqual([name, []]);
    }
  });
});

describe('a form', () => {
  it.each([true, false])(
    'that is refused says so first, scripts or not (%s), and leads to the field',
    async (javaScriptEnabled) => {
      await using visit = await Visit.start(browser, { javaScriptEnabled });
      const { page } = visit;
      await page.goto(`${server.origin}/forgot-password`);
      await page.getByLabel('E-mail address').fill('ada');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').waitFor();
      expect(await page.title()).toMatch(/^Error: /);
      await expect.poll(() => page.locator(':focus').getAttribute('role')).toBe('alert');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await expect.poll(() => page.locator(':focus').getAttribute('id')).toBe('email');
      expect(await page.getByLabel('E-mail address').getAttribute('aria-invalid')).toBe('true');
      expect(await page.getByLabel('E-mail address').inputValue()).toBe('ada');
    },
  );

  it('can be used with the keyboard alone, shows a password when asked to, and counts its characters', async () => {
    const { email } = await account();
    await using visit = await Visit.start(browser);
    const { page } = visit;
    await page.goto(await resetLink(email));
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').innerText()).toBe('Skip to the page');
    const password = page.getByLabel('New password', { exact: true });
    await password.focus();
    await page.keyboard.type('lantern');
    await expect.poll(() => page.locator('[aria-live]').innerText()).toBe('5 more to go');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await password.getAttribute('type')).toBe('text');
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await password.fill(OTHER);
    await page.keyboard.press('Enter');
    await expect.poll(() => visit.heading()).toBe('Your new password is set');
  });
});
