import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { PostgresSettings } from '../settings.ts';
import { readTlsFiles, SYSTEM_AUTHORITIES } from '../tls-files.ts';

/**
 * The TLS options an sslmode means, or false for none. As in libpq, `prefer` and `require` encrypt without looking at
 * the certificate, `require` with an authority given means verify-ca, and the system's authorities mean verify-full.
 */
export async function tlsOptions(settings: PostgresSettings): Promise<ConnectionOptions | false> {
  const { sslmode, host, caFile } = settings;
  if (sslmode === 'disable' || host.startsWith('/')) return false;
  const files = await readTlsFiles(settings);
  const verifiesName = sslmode === 'verify-full' || caFile === SYSTEM_AUTHORITIES;
  const verifies = verifiesName || sslmode === 'verify-ca' || (sslmode === 'require' && caFile !== undefined);
  return {
    rejectUnauthorized: verifies,
    // A name is sent for servers that serve several; an address must not be (RFC 6066, section 3).
    ...(isIP(host) === 0 ? { servername: host } : { host }),
    ...(verifiesName ? {} : { checkServerIdentity: () => undefined }),
    ...files,
  };
}
