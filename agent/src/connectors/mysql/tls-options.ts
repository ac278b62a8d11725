import { isIP } from 'node:net';
import { CustardError } from '#core/errors.ts';
import type { MysqlSettings } from '../settings.ts';
import { readTlsFiles, SYSTEM_AUTHORITIES, type TlsFiles } from '../tls-files.ts';

/** As mysql2 takes them. */
export interface TlsOptions extends TlsFiles {
  readonly rejectUnauthorized: boolean;
  readonly verifyIdentity: boolean;
}

/**
 * The TLS options a mode means, or false for none. PREFERRED and REQUIRED do not look at the certificate, unless, as
 * libpq has it, REQUIRED comes with an authority.
 */
export async function tlsOptions(settings: MysqlSettings): Promise<TlsOptions | false> {
  const { sslmode, host, caFile } = settings;
  if (sslmode === 'disable' || host.startsWith('/')) return false;
  const verifyIdentity = sslmode === 'verify-full' || caFile === SYSTEM_AUTHORITIES;
  // mysql2 would look for the name localhost in the certificate.
  if (verifyIdentity && isIP(host) !== 0) {
    throw new CustardError(
      'CONFIG_INVALID',
      'The identity of a server can be checked by its name only, not by its address.',
      {
        hint: "Set DB_HOST (the host in the URL) to the name that is in the server's certificate, or use DB_SSLMODE=verify-ca (ssl-mode=VERIFY_CA).",
      },
    );
  }
  const files = await readTlsFiles(settings);
  const verifies = verifyIdentity || sslmode === 'verify-ca' || (sslmode === 'require' && caFile !== undefined);
  return { rejectUnauthorized: verifies, verifyIdentity, ...files };
}
