import type Router from '@koa/router';
import { CustardError } from '#core/errors.ts';
import { PAGES } from '#core/protocol/pages.ts';
import type { Assets } from '#web-minimal/load-assets.ts';
import { donePage } from '#web-minimal/pages/done.ts';
import { startPage } from '#web-minimal/pages/start.ts';
import type { AccountServices } from '../../accounts/account-services.ts';
import type { AuthenticatedState } from '../../http-context.ts';
import { mountDevicePages } from './device-pages.ts';
import { mountLinkPages } from './link-pages.ts';
import { mountMailPages } from './mail-pages.ts';
import { type Site, sendPage, setSecurityHeaders } from './send-page.ts';

const FOREVER = 'public, max-age=31536000, immutable';

interface PageDependencies {
  readonly accounts: AccountServices;
  readonly assets: Assets;
}

/** The pages people open in a browser: web-minimal/ says what they look like, accounts/ what they do. */
export function mountPages(router: Router<AuthenticatedState>, { accounts, assets }: PageDependencies): void {
  const site: Site = { assets, publicUrl: accounts.publicUrl };
  router.get(PAGES.start, (ctx) => {
    sendPage(ctx, site, startPage({ server: accounts.publicUrl(), signup: accounts.signup }));
  });
  router.get(`${PAGES.done}/:what`, (ctx) => {
    const page = donePage(ctx.params['what'] ?? '');
    if (page === null) throw nothingThere();
    sendPage(ctx, site, page);
  });
  router.get(`${PAGES.assets}/:file`, (ctx) => {
    const asset = assets.files.get(ctx.params['file'] ?? '');
    if (asset === undefined) throw nothingThere();
    setSecurityHeaders(ctx, site);
    ctx.set({ 'cache-control': FOREVER, 'content-type': asset.type });
    ctx.body = asset.body;
  });
  mountMailPages(router, site, accounts);
  mountLinkPages(router, site, accounts);
  mountDevicePages(router, site, accounts);
}

function nothingThere(): CustardError {
  return new CustardError('NOT_FOUND', 'There is nothing at that address.', { hint: 'Check the address.' });
}
