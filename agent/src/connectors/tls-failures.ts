/** How an engine's URLs call the settings; in the environment they have one name for all. */
export interface TlsNames {
  readonly mode: string;
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

interface TlsFailure {
  readonly message: string;
  readonly hint: string;
}

type Failure = (names: TlsNames) => TlsFailure;

const untrusted: Failure = ({ ca, mode }) => ({
  message: "the server's certificate is not signed by an authority that is trusted here.",
  hint: `Set DB_SSLROOTCERT (${ca} in the URL) to the PEM file of its authority. DB_SSLMODE=require without it (${mode} in the URL) encrypts without looking at the certificate.`,
});
const expired: Failure = ({ mode }) => ({
  message: "the server's certificate, or its authority's, has expired or is not valid yet.",
  hint: `Renew it on the server, and check this machine's clock. DB_SSLMODE=require without DB_SSLROOTCERT (${mode} in the URL) does not look at it.`,
});
const otherName: Failure = ({ mode }) => ({
  message: "the server's certificate is made out to another host name.",
  hint: `Set DB_HOST (the host in the URL) to a name that is in the certificate, or DB_SSLMODE=verify-ca (${mode} in the URL), which does not look at the name.`,
});
const clientWanted: Failure = ({ cert, key }) => ({
  message: 'the server demands a client certificate, or does not accept the one that it got.',
  hint: `Set DB_SSLCERT and DB_SSLKEY (${[...new Set([cert, key])].join(' and ')} in the URL) to the PEM files of a certificate that the server's authority has signed, and of its key.`,
});
const otherProtocol: Failure = ({ mode }) => ({
  message: 'no version of TLS that both ends take, or no TLS at all, is spoken there.',
  hint: `Check host and port, and that the server has TLS 1.2 or newer; DB_SSLMODE=disable (${mode} in the URL) does without.`,
});
const otherwise: Failure = ({ ca, mode }) => ({
  message: 'TLS could not be agreed on.',
  hint: `Check DB_SSLMODE and DB_SSLROOTCERT (${mode} and ${ca} in the URL), and the log of the server.`,
});

/** Node's and OpenSSL's codes: of verifying, https://nodejs.org/api/tls.html#x509-certificate-error-codes, and of alerts. */
const FAILURES: readonly (readonly [RegExp, Failure])[] = [
  [/ALTNAME_INVALID|HOSTNAME_MISMATCH/, otherName],
  [/^(?:CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/, expired],
  [/ALERT.*(?:CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE)/, clientWanted],
  [
    /SELF_SIGNED|UNABLE_TO_|CERT_(?:UNTRUSTED|REJECTED|SIGNATURE|CHAIN|REVOKED)|INVALID_(?:CA|PURPOSE)|ISSUER/,
    untrusted,
  ],
  [/WRONG_VERSION|UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|PACKET_LENGTH|HTTP_REQUEST|NO_PROTOCOLS/, otherProtocol],
  [/^ERR_(?:SSL|TLS|OSSL)_|CERT/, otherwise],
];

/** What went wrong in TLS, by the code of the error; undefined where it was something else. */
export function tlsFailure(code: unknown, names: TlsNames): TlsFailure | undefined {
  if (typeof code !== 'string') return undefined;
  return FAILURES.find(([pattern]) => pattern.test(code))?.[1](names);
}
