import type { PostureFinding } from '#core/posture.ts';
import { isLocalHost } from '../../transport.ts';
import type { Session } from '../session.ts';

const HINT =
  'Set ssl-mode=VERIFY_IDENTITY in the URL (or DB_SSLMODE=verify-full), and ssl-ca to the authority that signed the server.';

/** How the way to the server is protected. */
export function transportFindings({ host, encryption }: Session): PostureFinding[] {
  if (isLocalHost(host) || encryption === 'verified') return [];
  const toHost = `The connection to ${host}`;
  if (encryption === 'none') {
    const message = `${toHost} is not encrypted: whoever is on the way reads the rows, and can change the statements.`;
    return [{ code: 'no_tls', severity: 'warn', message, hint: HINT }];
  }
  const message = `${toHost} is encrypted, but the server's certificate is not checked.`;
  return [{ code: 'tls_unverified', severity: 'info', message, hint: HINT }];
}
