import { CustardError, isCustardError } from '#core/errors.ts';
import { pause } from '#core/pause.ts';
import type { DeviceAuthorization, OAuthError, SessionTokens } from '#core/protocol/accounts.ts';
import { authorizeDevice, pollDevice } from '../../api/accounts.ts';
import { safe } from '../../output/safe.ts';
import { isInteractive } from '../interactive.ts';
import { type AccountSession, clientName } from './account-session.ts';
import { openBrowser } from './open-browser.ts';

/** RFC 8628, 3.5: so much slower after each `slow_down`. */
const SLOWER_S = 5;

/** Shows a code, and waits until somebody who is logged in in a browser lets this device in. */
export async function deviceLogin(session: AccountSession, browser: boolean): Promise<SessionTokens> {
  const { anonymous, context, narrator } = session;
  const grant = await authorizeDevice(anonymous, clientName());
  context.stderr.write(
    `Open ${safe(grant.verification_uri)}\nand enter the code ${session.narrator.style('bold', safe(grant.user_code))}\n`,
  );
  if (browser && isInteractive(session)) openBrowser(grant.verification_uri_complete, context.env);
  return await narrator.during('waiting for the browser', () => untilApproved(session, grant));
}

async function untilApproved(
  { anonymous, context }: AccountSession,
  grant: DeviceAuthorization,
): Promise<SessionTokens> {
  const { signal } = context.interruption;
  const deadline = performance.now() + grant.expires_in * 1000;
  let intervalS = grant.interval;
  while (performance.now() < deadline) {
    await pause(intervalS * 1000, signal);
    signal.throwIfAborted();
    const answer = await pollDevice(anonymous, grant.device_code).catch(waitOut);
    if (answer === null) continue;
    if ('access_token' in answer) return answer;
    if (answer.error === 'slow_down') intervalS += SLOWER_S;
    else if (answer.error !== 'authorization_pending') throw refused(answer);
  }
  throw refused({ error: 'expired_token', error_description: '' });
}

/** A server that restarts, or a train in a tunnel, does not make the code any worse. */
function waitOut(error: unknown): null {
  if (isCustardError(error) && error.retryable) return null;
  throw error;
}

function refused({ error }: OAuthError): CustardError {
  const again = { hint: 'Start again: custard login' };
  return error === 'access_denied'
    ? new CustardError('UNAUTHENTICATED', 'This device was not let in: somebody said no in the browser.', again)
    : new CustardError('UNAUTHENTICATED', 'Nobody entered the code in time.', again);
}
