import type { Middleware } from 'koa';
import { ERRORS, type ErrorCode, isCustardError } from '#core/errors.ts';
import { PAGES } from '#core/protocol/pages.ts';
import { html } from '#web-minimal/html.ts';
import type { Page } from '#web-minimal/page.ts';
import { linkPage, problemPage } from '#web-minimal/pages/problem.ts';
import type { RequestState } from '../../http-context.ts';
import { waitFor } from './explain.ts';
import { type PageContext, type Site, sendPage } from './send-page.ts';

const PATHS: ReadonlySet<string> = new Set(Object.values(PAGES));

/** What is thrown at a page, or at somebody who looks for one, is told as a page. */
export function errorPages(site: Site): Middleware<RequestState> {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (ctx.res.headersSent || !isForPeople(ctx, error)) throw error;
      sendError(ctx, site, error);
    }
  };
}

/** A path that is nothing at all is answered with a page to browsers alone. */
function isForPeople(ctx: PageContext, error: unknown): boolean {
  const path = pageOf(ctx);
  if (PATHS.has(path) || [PAGES.done, PAGES.assets].some((folder) => path.startsWith(`${folder}/`))) return true;
  const isNothing = isCustardError(error) && error.code === 'NOT_FOUND';
  return isNothing && !path.startsWith('/api/') && ctx.get('accept').includes('text/html');
}

const pageOf = ({ path }: PageContext): string => path.toLowerCase().replace(/(?<=.)\/$/, '');

function sendError(ctx: PageContext, site: Site, error: unknown): void {
  const { requestId, log } = ctx.state;
  const code = isCustardError(error) ? error.code : 'INTERNAL';
  if (!isCustardError(error)) log.error({ error, requestId, method: ctx.method, path: ctx.path }, 'a bug');
  const { status, retryable } = ERRORS[code];
  const retryAfterS = isCustardError(error) ? error.details.retryAfterS : undefined;
  if (retryable) ctx.set('retry-after', String(retryAfterS ?? 1));
  if (status === 401) ctx.set('www-authenticate', 'Bearer realm="custard"');
  const link = code === 'LINK_INVALID' ? LINK_PAGES[pageOf(ctx)] : undefined;
  sendPage(ctx, site, link === undefined ? plainProblem(ctx, code, retryAfterS) : linkPage(link, false), status);
}

function plainProblem(ctx: PageContext, code: ErrorCode, retryAfterS: number | undefined): Page {
  const path = pageOf(ctx);
  const isPage = PATHS.has(path) && path !== PAGES.start && code !== 'NOT_FOUND';
  const way = html`${isPage && html`<p><a href="${path}">Open the page again</a></p>`}
<p><a href="${PAGES.start}">Go to the start page</a></p>`;
  if (code === 'RATE_LIMITED') return problemPage({ title: 'Not so fast', message: waitFor(retryAfterS), way });
  const said = SAID[code];
  return problemPage(said === undefined ? { ...UNKNOWN, way, requestId: ctx.state.requestId } : { ...said, way });
}

const UNKNOWN = { title: 'Something went wrong here', message: 'It was no mistake of yours. Try again in a moment.' };

/** The pages that mailed links lead to. */
const LINK_PAGES: Readonly<Record<string, Parameters<typeof linkPage>[0]>> = {
  [PAGES.verifyEmail]: 'verifyEmail',
  [PAGES.resetPassword]: 'resetPassword',
  [PAGES.acceptInvitation]: 'acceptInvitation',
};

const SAID: Readonly<Partial<Record<ErrorCode, { readonly title: string; readonly message: string }>>> = {
  NOT_FOUND: { title: 'There is nothing here', message: 'Check the address; a link may have been cut off.' },
  METHOD_NOT_ALLOWED: {
    title: 'That is not how this page is used',
    message: 'It is opened, and its form sent from it.',
  },
  INVALID_REQUEST: {
    title: 'That was not understood',
    message: 'What arrived is not what the form on this page sends. Nothing was done.',
  },
  PAYLOAD_TOO_LARGE: { title: 'That was too much', message: 'The form takes a few lines. Nothing was done.' },
  FORBIDDEN: {
    title: 'That was stopped',
    message: 'The form was not sent from its own page here, or that page is too old. Nothing was done.',
  },
  SERVER_RESTARTING: { title: 'The server is starting anew', message: 'Try again in a moment.' },
};
