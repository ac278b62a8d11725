import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';

/** How the way to the database is protected. */
export interface Transport {
  /** It does not leave this machine. */
  readonly isLocal: boolean;
  /** Whether it is encrypted, and whether the server had to prove who it is. */
  readonly encryption: 'none' | 'unverified' | 'verified';
  /** TLSv1.3, and its cipher by OpenSSL's name; null without TLS, and where the driver does not tell. */
  readonly protocol: string | null;
  readonly cipher: string | null;
}

/** Of a file. */
export const NO_NETWORK: Transport = { isLocal: true, encryption: 'none', protocol: null, cipher: null };

/** Of a connection that is open. */
export function transportOf({
  stream,
  host,
  encryption,
}: { readonly stream: Duplex; readonly host: string } & Pick<Transport, 'encryption'>): Transport {
  const tls = stream instanceof TLSSocket ? stream : null;
  const cipher = tls?.getCipher().name ?? null;
  return { isLocal: isLocalHost(host), encryption, protocol: tls?.getProtocol() ?? null, cipher };
}

/** A Unix socket, or this machine itself. */
export const isLocalHost = (host: string): boolean =>
  host.startsWith('/') || host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
