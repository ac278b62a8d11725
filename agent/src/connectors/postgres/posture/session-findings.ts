import type { PostureFinding } from '#core/posture.ts';
import type { TextRow } from '../../text-row.ts';
import { isLocalHost } from '../../transport.ts';
import type { Session } from '../session.ts';

/**
 * What a session of this role begins with; reset_val, as each of our transactions sets its own.
 */
export const DEFAULTS = `
  SELECT name, reset_val AS value FROM pg_catalog.pg_settings
  WHERE name IN ('statement_timeout', 'default_transaction_read_only')`;

/** `rows` are those of DEFAULTS. */
export function defaultsFindings(rows: readonly TextRow[]): PostureFinding[] {
  const value = (name: string) => rows.find((row) => row.text('name') === name)?.text('value');
  const findings: PostureFinding[] = [];
  if (value('statement_timeout') === '0') {
    findings.push({
      code: 'no_statement_timeout',
      severity: 'info',
      message: 'The role has no statement_timeout of its own; only the agent ends its statements.',
      hint: "ALTER ROLE … SET statement_timeout = '60s'.",
    });
  }
  if (value('default_transaction_read_only') === 'off') {
    findings.push({
      code: 'writes_by_default',
      severity: 'info',
      message: "The role's transactions may write unless they say otherwise; the agent's say so.",
      hint: 'ALTER ROLE … SET default_transaction_read_only = on.',
    });
  }
  return findings;
}

/** How the way to the server is protected. */
export function transportFindings({ host, encryption }: Session): PostureFinding[] {
  if (isLocalHost(host) || encryption === 'verified') return [];
  const toHost = `The connection to ${host}`;
  if (encryption === 'none') {
    return [
      {
        code: 'no_tls',
        severity: 'warn',
        message: `${toHost} is not encrypted: whoever is on the way reads the rows, and can change the statements.`,
        hint: 'Set sslmode=verify-full (DB_SSLMODE), and sslrootcert to the authority that signed the server.',
      },
    ];
  }
  return [
    {
      code: 'tls_unverified',
      severity: 'info',
      message: `${toHost} is encrypted, but the server's certificate is not checked.`,
      hint: 'Set sslmode=verify-full (DB_SSLMODE), and sslrootcert to the authority that signed the server.',
    },
  ];
}
