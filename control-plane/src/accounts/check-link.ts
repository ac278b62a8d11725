import type { LinkPurpose, LinkToken } from '../db/link-token-repository.ts';
import { LINK } from '../throttle/rules.ts';
import { linkInvalid } from './account-errors.ts';
import type { AccountServices, Caller } from './account-services.ts';

/** LINK_INVALID when a mailed link is not good any more. Does not use it up: programs that check mails open links too. */
export async function checkLink(
  { throttle, links }: AccountServices,
  { network }: Caller,
  { token, purposes }: { readonly token: string; readonly purposes: readonly LinkPurpose[] },
): Promise<LinkToken> {
  await throttle.count(LINK, network);
  const link = await links.find(token, purposes);
  if (link === null) throw linkInvalid();
  await throttle.forgive(LINK, network);
  return link;
}
