import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EMPTY_FORM } from './form.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';
import { acceptInvitationPage } from './pages/accept-invitation.ts';
import { askForMailPage } from './pages/ask-for-mail.ts';
import { deviceCodePage, deviceDecisionPage, deviceLogInPage } from './pages/device.ts';
import { problemPage } from './pages/problem.ts';
import { resetPasswordPage } from './pages/reset-password.ts';
import { startPage } from './pages/start.ts';
import { verifyEmailPage } from './pages/verify-email.ts';

const nasty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.stringMatching(/^[<>"'&=/ a-z;#!-]{1,30}$/),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "'",
    '&lt;',
    '&amp;lt;',
    '\0',
    '\uD800',
  ),
);

/** What a browser makes of text in HTML: the five entities are all there are. */
function read(markup: string): string {
  const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };
  return markup.replaceAll(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => entities[name] ?? '');
}

it('escapes whatever it is given, in text and in attributes, and loses nothing of it', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const markup = html`<p title="${text}">${text}</p>`.toString();
      const [, attribute = '', content = ''] = /^<p title="([^"<>]*)">([^<>"]*)<\/p>$/.exec(markup) ?? [];
      const kept = text.toWellFormed().replaceAll('\0', '\uFFFD');
      expect([read(attribute), read(content)]).toEqual([kept, kept]);
    }),
  );
});

it('takes its own markup as it is, lists joined, and nothing for what is not there', () => {
  expect(html`${[html`<b>1</b>`, html`<b>2</b>`]}${null}${undefined}${false}${0}`.toString()).toBe('<b>1</b><b>2</b>0');
});

const assets = { files: new Map(), names: { 'style.css': 'a', 'page.js': 'b', 'icon.svg': 'c' } };
const BARE = 'x';

/** Every page, with the same text wherever text of somebody's can stand. */
function everyPage(text: string): string[] {
  const state = { values: { email: text, user_code: text, first_name: text, last_name: text }, problems: [] };
  const failed = { ...state, problems: [{ field: 'email', message: text }, { message: text }] };
  const visitor = { email: text, formToken: text };
  const offer = { token: text, organization: text, email: text, role: 'member' } as const;
  const grant = { user_code: text, client: text, address: text, created_at: text, expires_at: text };
  return [
    startPage({ server: text, signup: 'open' }),
    verifyEmailPage(text, failed),
    resetPasswordPage({ token: text, email: text }, failed),
    askForMailPage('forgotPassword', failed),
    acceptInvitationPage({ ...offer, hasAccount: true }, failed),
    acceptInvitationPage({ ...offer, hasAccount: false }, state),
    deviceLogInPage(text, failed),
    deviceCodePage(visitor, failed),
    deviceDecisionPage(visitor, grant),
    problemPage({ title: text, message: text, requestId: text }),
    verifyEmailPage(text, EMPTY_FORM),
  ].map((page) => layout(page, assets).toString());
}

/** The tags with the names of their attributes: what a text must not change. */
const shape = (document: string): string[] =>
  [...document.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replaceAll(/"[^"]*"/g, '""'));

it('lets no text of anybody add to a page anything but text', () => {
  const plain = everyPage(BARE).map(shape);
  fc.assert(
    fc.property(nasty, (text) => {
      // An empty code is left out of its form.
      fc.pre(text !== '');
      expect(everyPage(text).map(shape)).toEqual(plain);
    }),
    { numRuns: 200 },
  );
});
