import type { ParameterizedContext } from 'koa';
import { PAGES } from '#core/protocol/pages.ts';
import { layout } from '#web-minimal/layout.ts';
import type { Assets } from '#web-minimal/load-assets.ts';
import type { Page } from '#web-minimal/page.ts';
import type { DoneName } from '#web-minimal/pages/done.ts';
import type { RequestState } from '../../http-context.ts';

export type PageContext = ParameterizedContext<RequestState>;

const SECURITY = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
  'x-robots-tag': 'noindex',
} as const;
const YEAR_S = 365 * 24 * 60 * 60;

/** What is the same for every page of a server. */
export interface Site {
  readonly assets: Assets;
  readonly publicUrl: () => string;
}

export function sendPage(ctx: PageContext, site: Site, page: Page, status = 200): void {
  setSecurityHeaders(ctx, site);
  ctx.status = status;
  ctx.type = 'html';
  ctx.body = layout(page, site.assets).toString();
}

/** Besides those that every answer has: no-store, no-referrer, nosniff. */
export function setSecurityHeaders(ctx: PageContext, { publicUrl }: Site): void {
  ctx.set(SECURITY);
  if (publicUrl().startsWith('https://')) ctx.set('strict-transport-security', `max-age=${YEAR_S}`);
}

/** After a form: its page is opened, not sent, so that loading it again does nothing. */
export function seeOther(ctx: PageContext, site: Site, path: string): void {
  setSecurityHeaders(ctx, site);
  ctx.status = 303;
  ctx.set('location', path);
  ctx.body = null;
  ctx.status = 303;
}

export function seeDone(ctx: PageContext, site: Site, name: DoneName): void {
  seeOther(ctx, site, `${PAGES.done}/${name}`);
}
