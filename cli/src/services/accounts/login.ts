import { CustardError } from '#core/errors.ts';
import type { SessionTokens } from '#core/protocol/accounts.ts';
import { forgotPassword, logIn, profile } from '../../api/accounts.ts';
import { ApiClient } from '../../api/api-client.ts';
import { fixedToken } from '../../api/credentials.ts';
import { sessionCredential } from '../../credentials/session-credential.ts';
import type { RunContext } from '../../run-context.ts';
import { isInteractive } from '../interactive.ts';
import { prompt } from '../prompt.ts';
import { readSecret } from '../read-secret.ts';
import { createSession, type SessionFlags } from '../session.ts';
import { type AccountSession, accountSession, clientName } from './account-session.ts';
import { deviceLogin } from './device-login.ts';
import { keepLogin } from './keep-login.ts';
import { tellMailQueued } from './tell-mail-queued.ts';

interface LoginFlags extends SessionFlags {
  readonly device: boolean;
  readonly browser: boolean;
  readonly email?: string | undefined;
  readonly 'password-stdin': boolean;
  readonly 'with-token': boolean;
  readonly 'forgot-password': boolean;
}

interface LoginOptions {
  readonly context: RunContext;
  readonly flags: LoginFlags;
}

/** In the browser, with a password, or with a token that somebody made. */
export async function login({ context, flags }: LoginOptions): Promise<void> {
  const session = accountSession(createSession(context, flags));
  if (flags['forgot-password']) return await askForNewPassword(session, flags.email);
  // What cannot be kept is found out before anybody types anything
  await session.store.load(session.server.url);
  if (flags['with-token']) return await loginWithToken(session);
  const tokens =
    flags.email === undefined ? await inBrowser(session, flags) : await withPassword(session, flags, flags.email);
  await keepLogin(session, { credential: sessionCredential(tokens), email: tokens.user.email, ...tokens });
}

async function inBrowser(session: AccountSession, flags: LoginFlags): Promise<SessionTokens> {
  if (!flags.device && !isInteractive(session)) {
    throw new CustardError('USAGE', 'Nobody is there to open a page in a browser.', {
      hint: 'Give --with-token or --email E --password-stdin; or --device, to open the page on another machine.',
    });
  }
  return await deviceLogin(session, flags.browser);
}

async function withPassword(session: AccountSession, flags: LoginFlags, email: string): Promise<SessionTokens> {
  const password = flags['password-stdin']
    ? await readSecret(session.context, '--password-stdin')
    : await prompt(session, { label: 'Password', hidden: true, flag: '--password-stdin' });
  return await logIn(session.anonymous, { email, password, client: clientName() });
}

/** The server is asked whose it is before it is kept. */
async function loginWithToken(session: AccountSession): Promise<void> {
  const { context, server } = session;
  const token = isInteractive(session)
    ? (await prompt(session, { label: 'Token', hidden: true, flag: '--with-token < FILE' })).trim()
    : (await readSecret(context, '--with-token')).trim();
  // A header takes nothing else
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new CustardError('USAGE', 'That is not a token.', { hint: 'Make one: custard token create NAME' });
  }
  const { signal } = context.interruption;
  const api = new ApiClient({ url: server.url, credentials: fixedToken(token), signal });
  const { email, organization, authenticated_by: by } = await profile(api);
  if (by !== 'token') {
    throw new CustardError('USAGE', 'That is the token of a session, which ends within minutes.', {
      hint: 'Make one that stays: custard token create NAME',
    });
  }
  await keepLogin(session, { credential: { kind: 'token', token }, email, organization });
}

async function askForNewPassword(session: AccountSession, given: string | undefined): Promise<void> {
  const email = given ?? (await prompt(session, { label: 'E-mail', flag: '--email' }));
  await tellMailQueued(session, await forgotPassword(session.anonymous, email));
}
