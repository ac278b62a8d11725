import { CustardError } from '#core/errors.ts';
import type { PageContext, Site } from './send-page.ts';

/**
 * FORBIDDEN for a form that another site's page sent. `isStrict`, where a cookie says who sends it: an origin the browser
 * does not tell is refused too. (It does not tell it from a page with no-referrer, which those with a link's token are.)
 */
export function checkFormOrigin(ctx: PageContext, { publicUrl }: Site, { isStrict }: { readonly isStrict: boolean }) {
  const site = ctx.get('sec-fetch-site');
  const origin = ctx.get('origin');
  if (site === '' ? isOwn(origin, ctx.host, publicUrl(), isStrict) : site === 'same-origin' || site === 'none') return;
  throw new CustardError('FORBIDDEN', 'The form was sent from another site, so nothing was done.', {
    hint: 'Open the page here and send the form from it.',
  });
}

function isOwn(origin: string, host: string, publicUrl: string, isStrict: boolean): boolean {
  if (origin === '') return true; // no browser: nobody's cookies are used against their will
  if (origin === 'null') return !isStrict;
  if (!URL.canParse(origin)) return false;
  return new URL(origin).host === host || origin === new URL(publicUrl).origin;
}
