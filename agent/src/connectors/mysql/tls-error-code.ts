/** mysql2 writes this over the code that Node or OpenSSL gave an error in TLS. */
const OVERWRITTEN = 'HANDSHAKE_SSL_ERROR';

/** OpenSSL's words (X509_verify_cert_error_string) for what Node gives these codes. */
const BY_MESSAGE: Readonly<Record<string, string>> = {
  'certificate has expired': 'CERT_HAS_EXPIRED',
  'certificate is not yet valid': 'CERT_NOT_YET_VALID',
};

/** The code that the error had, told by what mysql2 has left of it. */
export function tlsErrorCode(error: unknown, code: unknown): unknown {
  if (code !== OVERWRITTEN || !(error instanceof Error)) return code;
  if ('cert' in error) return 'ERR_TLS_CERT_ALTNAME_INVALID';
  if ('reason' in error && typeof error.reason === 'string') {
    return `ERR_SSL_${error.reason.toUpperCase().replaceAll(' ', '_')}`;
  }
  return BY_MESSAGE[error.message] ?? 'UNABLE_TO_VERIFY_LEAF_SIGNATURE';
}
