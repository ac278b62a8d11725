import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * Where a request comes from. `trustedProxies`: how many proxies of one's own stand in front; each adds the address it
 * was called from to the end of X-Forwarded-For, and whatever is before those anybody can write.
 */
export function clientAddress(request: IncomingMessage, trustedProxies: number): string {
  const direct = request.socket.remoteAddress ?? '';
  if (trustedProxies === 0) return plain(direct);
  const header = request.headers['x-forwarded-for'];
  const forwarded = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',').map((part) => part.trim());
  const client = forwarded.at(-trustedProxies) ?? '';
  return plain(isIP(client) === 0 ? direct : client);
}

/** A household or a company has a whole /64 of IPv6: it counts as one address. */
export function throttledAddress(address: string): string {
  return isIP(address) === 6
    ? (new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::')[0]?.split(':').slice(0, 4).join(':') ??
        address)
    : address;
}

const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, '');
