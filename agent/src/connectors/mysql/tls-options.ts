import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { CustardError } from '#core/errors.ts';
import type { MysqlSettings } from '../settings.ts';

/** As mysql2 takes them. */
export interface TlsOptions {
  readonly rejectUnauthorized: boolean;
  readonly verifyIdentity: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** The TLS options a mode means, or false for none; PREFERRED and REQUIRED do not look at the certificate. */
export async function tlsOptions({ sslmode, host, ...files }: MysqlSettings): Promise<TlsOptions | false> {
  if (sslmode === 'disable' || host.startsWith('/')) return false;
  // mysql2 would look for the name localhost in the certificate.
  if (sslmode === 'verify-full' && isIP(host) !== 0) {
    throw new CustardError(
      'CONFIG_INVALID',
      'The identity of a server can be checked by its name only, not by its address.',
      {
        hint: "Connect by the host name that is in the server's certificate, or use ssl-mode=VERIFY_CA.",
      },
    );
  }
  const [ca, cert, key] = await Promise.all([files.caFile, files.certFile, files.keyFile].map(readOptional));
  return {
    rejectUnauthorized: sslmode === 'verify-ca' || sslmode === 'verify-full',
    verifyIdentity: sslmode === 'verify-full',
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

async function readOptional(path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : await readFile(path, 'utf8');
}
