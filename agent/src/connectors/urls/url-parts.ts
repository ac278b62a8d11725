import { userInfo } from 'node:os';
import { CustardError } from '#core/errors.ts';
import { SSL_MODES, type SslMode } from '../settings.ts';

export const FORMS =
  'Write postgres://user:password@host:5432/database?sslmode=require, mysql://user:password@host:3306/database, mariadb://…, ' +
  'snowflake://user:password@account/database/schema?warehouse=…, sqlite:PATH, duckdb:PATH or mongodb://user:password@host/database.';

export function splitUserinfo(userinfo: string): { urlUser: string; urlPassword: string | undefined } {
  const colon = userinfo.indexOf(':');
  const urlPassword = colon < 0 ? undefined : decode(userinfo.slice(colon + 1));
  if (urlPassword !== undefined && PLACEHOLDER.test(urlPassword)) {
    throw new CustardError('CONFIG_INVALID', 'The database URL still has a placeholder where the password belongs.', {
      hint: 'Put the password there, or take it out of the URL and set DB_PASSWORD or DB_PASSWORD_FILE.',
    });
  }
  return { urlUser: decode(colon < 0 ? userinfo : userinfo.slice(0, colon)), urlPassword };
}

/**
 * The last `@` before the query ends the userinfo, so that a password may hold `@` and `/` as they
 * are. If there is none, one in the query does, unless what stands before the query is an address.
 */
export function splitAuthority(text: string): { userinfo: string; address: string; path: string; query: string } {
  const beforeQuery = text.replace(/\?.*$/s, '');
  const isAddress = /^(?:\[[^\]]*\]|[^:@]*)(?::\d*)?(?:\/.*)?$/s.test(beforeQuery);
  const at = beforeQuery.includes('@') || isAddress ? beforeQuery.lastIndexOf('@') : text.lastIndexOf('@');
  const [, address = '', path = '', query = ''] = /^([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(text.slice(at + 1)) ?? [];
  return { userinfo: at < 0 ? '' : text.slice(0, at), address, path, query };
}

export function splitAddress(address: string): { host: string; port: string | undefined } {
  if (address.includes(',')) {
    throw new CustardError('CONFIG_INVALID', 'Custard connects to one host; this URL names several.', {
      hint: 'Name the one to read from: a replica, or the name that always leads to the right one.',
    });
  }
  const match = /^(?:\[([^\]]+)\]|([^:[\]]*))(?::(.*))?$/s.exec(address);
  if (match === null) throw invalid('The host of the database URL is not readable; an IPv6 address stands in [ ].');
  return { host: match[1] ?? match[2] ?? '', port: match[3] || undefined };
}

export function parsePort(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw invalid('The port of the database URL is not a number from 1 to 65535.');
  return port;
}

export function parseSslMode(text: string | undefined): SslMode {
  if (text === undefined) return 'prefer';
  // libpq's `allow` tries without TLS first: what it ends with, `prefer` gives at least.
  const mode = text === 'allow' ? 'prefer' : SSL_MODES.find((known) => known === text);
  if (mode === undefined) throw invalid(`sslmode is none of ${SSL_MODES.join(', ')}.`);
  return mode;
}

/** Percent-decodes what can be; a `%` that begins no escape stands for itself. */
export function decode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes; // not UTF-8: so it was meant as it stands
    }
  });
}

export function defined<T extends Record<string, string | undefined>>(values: T): { [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: string;
  };
}

/** What a provider's page puts where the password belongs. */
const PLACEHOLDER = /^[[<{]?your[-_ ]password[\]>}]?$/i;

export function invalid(message: string): CustardError {
  return new CustardError('CONFIG_INVALID', message, { hint: FORMS });
}

/** As the engines' own clients log in where nobody is named. CONFIG_INVALID for a user without a name, as containers have them. */
export function ownUserName(): string {
  try {
    return userInfo().username;
  } catch (cause) {
    throw new CustardError('CONFIG_INVALID', 'Neither the database URL nor DB_USER names a user.', {
      hint: 'Write scheme://user@host/database, or set DB_USER.',
      cause,
    });
  }
}
