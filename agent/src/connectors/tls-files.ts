import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { getCACertificates } from 'node:tls';
import { CustardError } from '#core/errors.ts';
import type { TlsFileSettings } from './settings.ts';

export interface TlsFiles {
  readonly ca?: string | string[];
  readonly cert?: string;
  /** Without encryption, whatever it was in its file. */
  readonly key?: string;
}

/** As libpq has it: the authorities that the operating system trusts. */
export const SYSTEM_AUTHORITIES = 'system';

/** The settings, as the environment and all URLs that have them call them. */
const CA = 'DB_SSLROOTCERT (sslrootcert in the URL)';
const CERT = 'DB_SSLCERT (sslcert in the URL)';
const KEY = 'DB_SSLKEY (sslkey in the URL)';

/**
 * Reads and checks the PEM files of authorities, client certificate and key, at each connection, so that renewed ones
 * are used. CONFIG_INVALID names the setting and the file, never what is in it.
 */
export async function readTlsFiles({ caFile, certFile, keyFile, keyPassword }: TlsFileSettings): Promise<TlsFiles> {
  if ((certFile === undefined) !== (keyFile === undefined)) {
    const [has, lacks] = certFile === undefined ? ['key', CERT] : ['certificate', KEY];
    throw invalid(`There is a client ${has}, but not what belongs to it.`, `Set ${lacks} too.`);
  }
  const [ca, client] = await Promise.all([
    caFile === undefined ? undefined : authorities(caFile),
    certFile === undefined || keyFile === undefined ? undefined : clientFiles({ certFile, keyFile, keyPassword }),
  ]);
  return { ...(ca === undefined ? {} : { ca }), ...client };
}

async function authorities(path: string): Promise<string | string[]> {
  if (path === SYSTEM_AUTHORITIES) return getCACertificates('system');
  const pem = await readPem(path, CA);
  certificate(pem, { path, setting: CA });
  return pem;
}

interface ClientFiles {
  readonly certFile: string;
  readonly keyFile: string;
  readonly keyPassword: string | undefined;
}

async function clientFiles({ certFile, keyFile, keyPassword }: ClientFiles): Promise<TlsFiles> {
  const [cert, keyPem] = await Promise.all([readPem(certFile, CERT), readPem(keyFile, KEY)]);
  const read = certificate(cert, { path: certFile, setting: CERT });
  if (read.validToDate.getTime() < Date.now()) {
    throw invalid(
      `The client certificate in ${certFile} has expired (${read.validToDate.toISOString().slice(0, 10)}).`,
      `Put a new one there, or set ${CERT} and ${KEY} to others.`,
    );
  }
  const key = privateKey(keyPem, { path: keyFile, password: keyPassword });
  if (!read.checkPrivateKey(key)) {
    throw invalid(
      `The key in ${keyFile} is not that of the certificate in ${certFile}.`,
      `Set ${CERT} and ${KEY} to files that belong together.`,
    );
  }
  return { cert, key: key.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

async function readPem(path: string, setting: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw invalid(
      `${path} cannot be read${code}.`,
      `${setting} has to name a PEM file that is there and that this user may read.`,
      cause,
    );
  }
}

function certificate(pem: string, { path, setting }: { readonly path: string; readonly setting: string }) {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw invalid(
      `${path} holds no certificate in PEM.`,
      `${setting} has to name a file that begins with -----BEGIN CERTIFICATE-----.`,
      cause,
    );
  }
}

function privateKey(pem: string, { path, password }: { path: string; password: string | undefined }): KeyObject {
  try {
    return createPrivateKey({ key: pem, ...(password === undefined ? {} : { passphrase: password }) });
  } catch (cause) {
    if (!pem.includes('ENCRYPTED')) {
      throw invalid(`${path} holds no private key in PEM.`, `${KEY} has to name the key of the certificate.`, cause);
    }
    const missing = password === undefined;
    throw invalid(
      `The key in ${path} is encrypted, and ${missing ? 'no password for it is set' : 'DB_SSLPASSWORD does not open it'}.`,
      'Set DB_SSLPASSWORD (sslpassword in the URL) to its password.',
      cause,
    );
  }
}

const invalid = (message: string, hint: string, cause?: unknown): CustardError =>
  new CustardError('CONFIG_INVALID', message, { hint, ...(cause === undefined ? {} : { cause }) });
