import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { PostgresSettings } from '../settings.ts';

/**
 * The TLS options an sslmode means, or false for none. As in libpq, `prefer` and `require` encrypt
 * without looking at the certificate unless an authority is given.
 */
export async function tlsOptions(settings: PostgresSettings): Promise<ConnectionOptions | false> {
  const { sslmode, host, caFile, certFile, keyFile } = settings;
  if (sslmode === 'disable' || host.startsWith('/')) return false;
  const [ca, cert, key] = await Promise.all([caFile, certFile, keyFile].map(readOptional));
  const verifies = sslmode === 'verify-full' || sslmode === 'verify-ca' || (sslmode === 'require' && ca !== undefined);
  return {
    rejectUnauthorized: verifies,
    // A name is sent for servers that serve several; an address must not be (RFC 6066, section 3).
    ...(isIP(host) === 0 ? { servername: host } : { host }),
    ...(sslmode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

async function readOptional(path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : await readFile(path, 'utf8');
}
