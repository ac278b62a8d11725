import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import { CustardError } from '#core/errors.ts';
import {
  type DatabaseSettings,
  type PostgresSettings,
  SNOWFLAKE_AUTHENTICATORS,
  type SnowflakeAuthenticator,
  type SnowflakeSettings,
  SSL_MODES,
  type SslMode,
} from './settings.ts';

const FORMS =
  'Write postgres://user:password@host:5432/database?sslmode=require, ' +
  'snowflake://user:password@account/database/schema?warehouse=…, or sqlite:PATH.';

/**
 * Reads `postgres://`, `postgresql://`, `snowflake://`, `sqlite:PATH`, `sqlite:///absolute/path` and `file:` URLs.
 * A password may stand there percent-encoded or as it is, even with @, /, # or %. Throws
 * CONFIG_INVALID; its message never holds the URL, which may hold a password.
 */
export function parseDatabaseUrl(url: string): DatabaseSettings {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  switch (scheme) {
    case 'postgres':
    case 'postgresql':
      return parsePostgresUrl(url.slice(scheme.length + 1));
    case 'snowflake':
      return parseSnowflakeUrl(url.slice(scheme.length + 1));
    case 'sqlite':
    case 'sqlite3':
    case 'file':
      return { dialect: 'sqlite', path: sqlitePath(url, scheme) };
    case undefined:
      throw new CustardError('CONFIG_INVALID', 'This is no database URL: it has no scheme.', {
        hint: `For a file write sqlite: before its path. ${FORMS}`,
      });
    default:
      throw new CustardError('UNSUPPORTED_ENGINE', `There is no connector for ${scheme}: URLs.`, { hint: FORMS });
  }
}

function parsePostgresUrl(rest: string): PostgresSettings {
  if (!rest.startsWith('//')) throw invalid('A PostgreSQL URL begins with postgres://.');
  const { userinfo, address, path, query } = splitAuthority(rest.slice(2));
  const { user: urlUser, password: urlPassword } = splitUserinfo(userinfo);
  const { host, port } = splitAddress(address);
  const parameters = new URLSearchParams(query);
  refuseUnknownTls([...parameters.keys()]);
  const text = (name: string) => parameters.get(name) || undefined;
  const user = text('user') ?? (urlUser || userInfo().username);
  return {
    dialect: 'postgres',
    host: text('host') ?? (decode(host) || 'localhost'),
    port: parsePort(text('port') ?? port),
    user,
    database: text('dbname') ?? (decode(path) || user),
    sslmode: parseSslMode(text('sslmode')),
    ...defined({
      password: text('password') ?? urlPassword,
      caFile: text('sslrootcert'),
      certFile: text('sslcert'),
      keyFile: text('sslkey'),
      options: text('options'),
    }),
  };
}

function splitUserinfo(userinfo: string): { user: string; password: string | undefined } {
  const colon = userinfo.indexOf(':');
  if (colon < 0) return { user: decode(userinfo), password: undefined };
  return { user: decode(userinfo.slice(0, colon)), password: decode(userinfo.slice(colon + 1)) };
}

const SNOWFLAKE_DOMAIN = /\.snowflakecomputing\.(?:com|cn)$/i;

/** `snowflake://user:password@account/database/schema?warehouse=…&role=…`, as Snowflake's own tools write it. */
function parseSnowflakeUrl(rest: string): SnowflakeSettings {
  if (!rest.startsWith('//')) throw invalid('A Snowflake URL begins with snowflake://.');
  const { userinfo, address, path, query } = splitAuthority(rest.slice(2));
  const { user: urlUser, password: urlPassword } = splitUserinfo(userinfo);
  const parameters = new URLSearchParams(query);
  const text = (name: string) => parameters.get(name) || undefined;
  const account = decode(address).replace(SNOWFLAKE_DOMAIN, '');
  const [database = '', schema] = path.split('/').map(decode);
  if (account === '') throw invalid('The Snowflake URL names no account.');
  if (!/^[\w.-]+$/.test(account))
    throw invalid('The account of the Snowflake URL is none: it has letters, digits, - and _.');
  if (database === '') throw invalid('The Snowflake URL names no database.');
  const user = text('user') ?? urlUser;
  if (user === '') throw invalid('The Snowflake URL names no user.');
  return {
    dialect: 'snowflake',
    ...{ account, user, database },
    ...defined({
      schema: text('schema') ?? (schema || undefined),
      warehouse: text('warehouse'),
      role: text('role'),
      accessUrl: accessUrl(text),
      password: text('password') ?? urlPassword,
      privateKeyFile: text('privateKeyPath'),
      tokenFile: text('tokenFilePath'),
    }),
    ...authenticator(text('authenticator')),
  };
}

function authenticator(text: string | undefined): { readonly authenticator?: SnowflakeAuthenticator } {
  if (text === undefined) return {};
  const known = SNOWFLAKE_AUTHENTICATORS.find((one) => one === text.toUpperCase());
  if (known !== undefined) return { authenticator: known };
  throw invalid(`authenticator is none of ${SNOWFLAKE_AUTHENTICATORS.join(', ')}.`);
}

/** A private link, as the address it is or in its parts. */
function accessUrl(text: (name: string) => string | undefined): string | undefined {
  const host = text('host');
  const port = text('port');
  const whole = text('accessUrl') ?? (host && `${text('protocol') ?? 'https'}://${host}${port ? `:${port}` : ''}`);
  if (whole === undefined) return undefined;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  const isUsable = url !== undefined && url.username === '' && ['/', ''].includes(url.pathname) && url.search === '';
  if (!isUsable || !['https:', 'http:'].includes(url.protocol)) throw invalid('accessUrl is not an https:// address.');
  if (url.protocol === 'http:' && !['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)) {
    throw invalid('accessUrl has to be https://, or the password would be sent for all to read.');
  }
  return url.origin;
}

const TLS_PARAMETERS: ReadonlySet<string> = new Set(['sslmode', 'sslrootcert', 'sslcert', 'sslkey']);
/** libpq's, which change nothing in what is trusted. */
const IDLE_TLS_PARAMETERS: ReadonlySet<string> = new Set(['sslsni', 'sslcompression', 'sslnegotiation']);

/** Other parameters are of other tools and mean nothing here; a mistyped sslmode would mean less safety than asked for. */
function refuseUnknownTls(names: readonly string[]): void {
  const unknown = names.find(
    (name) => /^ssl/i.test(name) && !TLS_PARAMETERS.has(name) && !IDLE_TLS_PARAMETERS.has(name),
  );
  if (unknown === undefined) return;
  throw new CustardError('CONFIG_INVALID', 'The database URL has a parameter about TLS that is not known here.', {
    hint: 'Write postgres://…?sslmode=require to encrypt, sslmode=verify-full to check the server too; sslrootcert, sslcert and sslkey name PEM files.',
  });
}

/**
 * The last `@` before the query ends the userinfo, so that a password may hold `@` and `/` as they
 * are. If there is none, one in the query does, unless what stands before the query is an address.
 */
function splitAuthority(text: string): { userinfo: string; address: string; path: string; query: string } {
  const beforeQuery = text.replace(/\?.*$/s, '');
  const isAddress = /^(?:\[[^\]]*\]|[^:@]*)(?::\d*)?(?:\/.*)?$/s.test(beforeQuery);
  const at = beforeQuery.includes('@') || isAddress ? beforeQuery.lastIndexOf('@') : text.lastIndexOf('@');
  const [, address = '', path = '', query = ''] = /^([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(text.slice(at + 1)) ?? [];
  return { userinfo: at < 0 ? '' : text.slice(0, at), address, path, query };
}

function splitAddress(address: string): { host: string; port: string | undefined } {
  if (address.includes(',')) throw invalid('Custard connects to one host; this URL names several.');
  const match = /^(?:\[([^\]]+)\]|([^:[\]]*))(?::(.*))?$/s.exec(address);
  if (match === null) throw invalid('The host of the database URL is not readable; an IPv6 address stands in [ ].');
  return { host: match[1] ?? match[2] ?? '', port: match[3] || undefined };
}

function parsePort(text: string | undefined): number {
  if (text === undefined) return 5432;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw invalid('The port of the database URL is not a number from 1 to 65535.');
  return port;
}

function parseSslMode(text: string | undefined): SslMode {
  if (text === undefined) return 'prefer';
  // libpq's `allow` tries without TLS first: what it ends with, `prefer` gives at least.
  const mode = text === 'allow' ? 'prefer' : SSL_MODES.find((known) => known === text);
  if (mode === undefined) throw invalid(`sslmode is none of ${SSL_MODES.join(', ')}.`);
  return mode;
}

function sqlitePath(url: string, scheme: string): string {
  const rest = url.slice(scheme.length + 1);
  if (rest.startsWith('///')) return fileURLToPath(`file:${withoutQuery(rest)}`);
  const path = scheme === 'file' ? decode(withoutQuery(rest)) : rest;
  const plain = path.startsWith('//') ? path.slice(2) : path;
  if (plain === '') throw invalid('The SQLite URL names no file.');
  if (plain === ':memory:') throw invalid('An in-memory SQLite database is empty: there is nothing to ask.');
  return plain;
}

const withoutQuery = (text: string): string => text.replace(/[?#].*$/s, '');

/** Percent-decodes what can be; a `%` that begins no escape stands for itself. */
function decode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes; // not UTF-8: so it was meant as it stands
    }
  });
}

function defined<T extends Record<string, string | undefined>>(values: T): { [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: string;
  };
}

function invalid(message: string): CustardError {
  return new CustardError('CONFIG_INVALID', message, { hint: FORMS });
}
