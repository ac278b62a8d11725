import { isIPv4 } from 'node:net';
import { endianness } from 'node:os';

interface LinkedOptions {
  /** /proc/PID/net/tcp and tcp6, one after the other. */
  readonly tables: string;
  /** Of the process's own sockets. */
  readonly inodes: ReadonlySet<string>;
  /** The control plane's. */
  readonly addresses: readonly string[];
  readonly port: number;
}

/** TCP_ESTABLISHED in the kernel's include/net/tcp_states.h. */
const ESTABLISHED = '01';

/** Whether one of the sockets is connected to one of the addresses at the port. */
export function isLinked({ tables, inodes, addresses, port }: LinkedOptions): boolean {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const wanted = new Set(addresses.flatMap((address) => kernelForms(address).map((form) => form + suffix)));
  return tables.split('\n').some((line) => {
    const [, , remote = '', state, , , , , , inode = ''] = line.trim().split(/\s+/);
    return state === ESTABLISHED && wanted.has(remote) && inodes.has(inode);
  });
}

/** Addresses stand there as hexadecimal words of the machine's own byte order; IPv4 also inside IPv6. */
function kernelForms(address: string): string[] {
  const bytes = isIPv4(address) ? address.split('.').map(Number) : bytesOf(address);
  const words = hexWords(bytes);
  return bytes.length === 4 ? [words, hexWords([...MAPPED, ...bytes])] : [words];
}

const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255];

function hexWords(bytes: readonly number[]): string {
  const words: string[] = [];
  for (let start = 0; start < bytes.length; start += 4) {
    const word = bytes.slice(start, start + 4);
    const ordered = endianness() === 'LE' ? word.reverse() : word;
    words.push(ordered.map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(''));
  }
  return words.join('');
}

/** Of an IPv6 address; the URL parser writes every form of one in the same way. */
function bytesOf(address: string): number[] {
  const plain = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [head = '', tail] = plain.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const all = [...before, ...new Array<string>(8 - before.length - after.length).fill('0'), ...after];
  return all.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
}
