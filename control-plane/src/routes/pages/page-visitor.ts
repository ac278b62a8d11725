import { createHash, timingSafeEqual } from 'node:crypto';
import { CustardError } from '#core/errors.ts';
import type { PageVisitor } from '#web-minimal/pages/device.ts';
import type { PageSessions } from '../../accounts/page-sessions.ts';
import { PAGE_SESSION_S } from '../../accounts/page-sessions.ts';
import type { Principal } from '../../identity/principal.ts';
import type { PageContext, Site } from './send-page.ts';

/** Browsers take a name with __Host- for this host alone, over TLS alone. Without TLS (a laptop) there is none. */
const NAMES = { https: '__Host-custard', http: 'custard' } as const;

interface Visitor {
  readonly principal: Principal;
  /** What the pages show. */
  readonly shown: PageVisitor;
}

/** Who is logged in on the pages, if anybody. */
export async function findVisitor(ctx: PageContext, site: Site, sessions: PageSessions): Promise<Visitor | null> {
  const cookie = ctx.cookies.get(cookieName(site));
  const found = cookie === undefined ? null : await sessions.find(cookie);
  if (found === null || cookie === undefined) return null;
  return { principal: found.principal, shown: { email: found.email, formToken: formToken(cookie) } };
}

/** With null it is taken away. */
export function setCookie(ctx: PageContext, site: Site, value: string | null): void {
  const name = cookieName(site);
  const secure = name === NAMES.https ? '; Secure' : '';
  const age = value === null ? 0 : PAGE_SESSION_S;
  ctx.append('set-cookie', `${name}=${value ?? ''}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Strict${secure}`);
}

/** FORBIDDEN unless the form was made for whoever is logged in. */
export function checkFormToken({ shown }: Visitor, given: string): void {
  const [wanted, got] = [Buffer.from(shown.formToken), Buffer.from(given)];
  if (wanted.length === got.length && timingSafeEqual(wanted, got)) return;
  throw new CustardError('FORBIDDEN', 'The form was made for another log-in.', { hint: 'Open the page again.' });
}

function cookieName({ publicUrl }: Site): string {
  return publicUrl().startsWith('https://') ? NAMES.https : NAMES.http;
}

/** Only who can read the cookie, which no script can, knows it. */
function formToken(cookie: string): string {
  return createHash('sha256').update(`custard form\0${cookie}`).digest('base64url');
}
