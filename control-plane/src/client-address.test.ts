import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { clientAddress, throttledAddress } from './client-address.ts';

const request = (remoteAddress: string, forwarded?: string) =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as IncomingMessage;

it.each([
  ['no proxy is trusted', 0, '9.9.9.9, 8.8.8.8', '10.0.0.1'],
  ['one proxy: what it saw', 1, '9.9.9.9, 8.8.8.8', '8.8.8.8'],
  ['two proxies', 2, '6.6.6.6, 9.9.9.9, 8.8.8.8', '9.9.9.9'],
  ['more proxies than addresses', 2, '8.8.8.8', '10.0.0.1'],
  ['no header', 1, undefined, '10.0.0.1'],
  ['nonsense', 1, '8.8.8.8, <script>', '10.0.0.1'],
])('believes of the forwarded addresses only what a proxy of its own wrote: %s', (_, proxies, header, expected) => {
  expect(clientAddress(request('::ffff:10.0.0.1', header), proxies)).toBe(expected);
});

it.each([
  ['203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:DB8:0001:0002::9', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
])('counts a network of IPv6 as one address: %s', (address, expected) => {
  expect(throttledAddress(address)).toBe(expected);
});
