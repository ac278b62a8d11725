import { CustardError, isCustardError } from '#core/errors.ts';
import { logOut } from '../../api/accounts.ts';
import type { Credential } from '../../credentials/credential.ts';
import { envelope } from '../../output/envelope.ts';
import type { RunContext } from '../../run-context.ts';
import { createSession, type SessionFlags } from '../session.ts';
import { type AccountSession, accountSession } from './account-session.ts';

interface LogoutOptions {
  readonly context: RunContext;
  readonly flags: SessionFlags & { readonly all: boolean };
}

/** Ends the session at the server and forgets it here. What is kept here goes in any case. */
export async function logout({ context, flags }: LogoutOptions): Promise<void> {
  const session = accountSession(createSession(context, flags));
  const { store, server, format, sink, narrator } = session;
  const stored = await store.load(server.url);
  if (stored === null) throw notLoggedIn(session);
  let failure: unknown = null;
  try {
    await endAtServer(session, stored.credential, flags.all);
  } catch (error) {
    failure = error;
  }
  await store.remove(server.url);
  if (failure !== null) throw onlyHere(session, failure);
  if (format === 'json') {
    const data = { server: server.url.origin, all: flags.all };
    return await sink.write(envelope({ schema: 'custard.logout/1', data }));
  }
  narrator.note(flags.all ? `Logged out of ${server.url.host} everywhere.` : `Logged out of ${server.url.host}.`);
  if (context.env['CUSTARD_TOKEN']) narrator.warn('CUSTARD_TOKEN is still set. To be nobody: unset CUSTARD_TOKEN');
}

async function endAtServer({ anonymous, narrator }: AccountSession, credential: Credential, all: boolean) {
  if (credential.kind === 'session') return await logOut(anonymous, credential.refresh_token, all);
  narrator.warn('The token itself stays good, as it may be used elsewhere. To end it: custard token revoke ID');
}

function notLoggedIn({ server, context }: AccountSession): CustardError {
  const token = server.token === null ? '' : ' A token is set, and stays: unset CUSTARD_TOKEN.';
  return new CustardError('UNAUTHENTICATED', `Nobody is logged in to ${server.url.origin} here.${token}`, {
    hint: context.env['CUSTARD_API_URL'] ? 'Is CUSTARD_API_URL the server you mean?' : 'Log in: custard login',
  });
}

/** A bug stays one. */
function onlyHere({ server }: AccountSession, error: unknown): unknown {
  if (!isCustardError(error)) return error;
  return new CustardError(error.code, `Logged out on this machine only. ${error.message}`, {
    hint: `The session still stands at ${server.url.origin}; once it answers, end it with: custard login && custard logout --all`,
    cause: error,
  });
}
