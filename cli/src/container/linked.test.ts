import { expect, test } from 'vitest';
import { isLinked } from './linked.ts';

/** As a little-endian kernel shows them; the inode is the tenth field. */
const TABLES = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:8F3A 0100007F:1F40 01 00000000:00000000 02:000005D4 00000000 65532        0 111 2 0 20 4 30 10 -1
   1: 0100007F:8F3B 0200007F:1F40 06 00000000:00000000 00:00000000 00000000 65532        0 222 1 0 20 4 30 10 -1
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when
   0: 00000000000000000000000001000000:D2F0 B80D0120000000000000000001000000:01BB 01 00000000:00000000 00:0 00000000 1 0 333 1
   1: 0000000000000000FFFF00000100007F:8F3A 0000000000000000FFFF00000300007F:1F40 01 00000000:00000000 00:0 0 1 0 444 1
`;

test.each([
  ['its connection', '127.0.0.1', 8000, '111', true],
  ['of another process', '127.0.0.1', 8000, '999', false],
  ['to another port', '127.0.0.1', 8001, '111', false],
  ['to another address', '127.0.0.9', 8000, '111', false],
  ['closing', '127.0.0.2', 8000, '222', false],
  ['over IPv6', '2001:db8::1', 443, '333', true],
  ['over IPv6, to another address', '2001:db8::2', 443, '333', false],
  ['to IPv4 by an IPv6 socket', '127.0.0.3', 8000, '444', true],
])('a connection %s', (_, address, port, inode, linked) => {
  expect(isLinked({ tables: TABLES, addresses: ['10.0.0.1', address], port, inodes: new Set([inode]) })).toBe(linked);
});
