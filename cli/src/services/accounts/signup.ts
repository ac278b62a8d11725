import { isCustardError } from '#core/errors.ts';
import { resendVerification, signUp } from '../../api/accounts.ts';
import type { RunContext } from '../../run-context.ts';
import { isInteractive } from '../interactive.ts';
import { prompt } from '../prompt.ts';
import { readSecret } from '../read-secret.ts';
import { createSession, type SessionFlags } from '../session.ts';
import { type AccountSession, accountSession } from './account-session.ts';
import { tellMailQueued } from './tell-mail-queued.ts';

interface SignupFlags extends SessionFlags {
  readonly email?: string | undefined;
  readonly 'password-stdin': boolean;
  readonly 'first-name'?: string | undefined;
  readonly 'last-name'?: string | undefined;
  readonly organization?: string | undefined;
  readonly resend?: string | undefined;
}

const TRIES = 3;

/** Asks for an account: it is made once the link in the mail is followed. */
export async function signup({ context, flags }: { readonly context: RunContext; readonly flags: SignupFlags }) {
  const session = accountSession(createSession(context, flags));
  if (flags.resend !== undefined) {
    return await tellMailQueued(session, await resendVerification(session.anonymous, flags.resend));
  }
  const email = flags.email ?? (await prompt(session, { label: 'E-mail', flag: '--email' }));
  const { organization, 'first-name': firstName, 'last-name': lastName } = flags;
  const names = {
    ...(firstName === undefined ? {} : { first_name: firstName }),
    ...(lastName === undefined ? {} : { last_name: lastName }),
    ...(organization === undefined ? {} : { organization }),
  };
  if (flags['password-stdin']) {
    const password = await readSecret(context, '--password-stdin');
    return await tellMailQueued(session, await signUp(session.anonymous, { email, password, ...names }));
  }
  await untilTaken(session, async (password) => {
    await tellMailQueued(session, await signUp(session.anonymous, { email, password, ...names }));
  });
}

/** A password that is refused is asked for again; what else was typed stays. */
async function untilTaken(session: AccountSession, send: (password: string) => Promise<void>): Promise<void> {
  for (let left = TRIES; ; left--) {
    try {
      return await send(await newPassword(session));
    } catch (error) {
      const isRefused = isCustardError(error) && error.code === 'PASSWORD_REFUSED';
      if (!isRefused || left === 1 || !isInteractive(session)) throw error;
      session.narrator.warn([error.message, error.hint].filter((text) => text !== undefined).join(' '));
    }
  }
}

async function newPassword(session: AccountSession): Promise<string> {
  const ask = (label: string) => prompt(session, { label, hidden: true, flag: '--password-stdin' });
  for (;;) {
    const password = await ask('Password (12 characters at least)');
    if (password === (await ask('The same again'))) return password;
    session.narrator.warn('The two are not the same. Once more:');
  }
}
