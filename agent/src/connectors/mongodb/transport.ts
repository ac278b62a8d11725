import type { MongodbSettings } from '../settings.ts';
import type { Transport } from '../transport.ts';

/** What the URL has the driver do; it does not tell which protocol came of it. */
export function transportOf({ hosts, srv, options }: MongodbSettings): Transport {
  const given = new Map([...new URLSearchParams(options)].map(([name, value]) => [name.toLowerCase(), value]));
  const isOn = (...names: string[]) => names.some((name) => given.get(name) === 'true');
  const tls = given.get('tls') ?? given.get('ssl');
  const isEncrypted = tls === undefined ? srv : tls === 'true';
  const isUnchecked = isOn('tlsinsecure', 'tlsallowinvalidcertificates', 'tlsallowinvalidhostnames');
  return {
    isLocal: hosts.split(',').every(isLocal),
    encryption: isEncrypted ? (isUnchecked ? 'unverified' : 'verified') : 'none',
    ...{ protocol: null, cipher: null },
  };
}

const isLocal = (host: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|%2F.*)(:\d+)?$/i.test(host);
