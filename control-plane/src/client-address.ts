import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * Where a request comes from. `trustedProxies`: how many proxies of one's own stand in front; each adds the address it
 * was called from to the end of X-Forwarded-For, and whatever is before those anybody can write.
 */
export function clientAddress(request: IncomingMessage, trustedProxies: number): string {
  const direct = plain(request.socket.remoteAddress ?? '');
  if (trustedProxies === 0) return direct;
  const header = request.headers['x-forwarded-for'];
  const forwarded = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',').map((part) => part.trim());
  const client = forwarded.at(-trustedProxies) ?? '';
  return isIP(client) === 0 ? direct : plain(client);
}

/** A household or a company has a whole /64 of IPv6: it counts as one address. */
export function throttledAddress(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

/** An IPv4 client of a socket that takes both. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, '');
