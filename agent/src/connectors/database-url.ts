import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import { CustardError } from '#core/errors.ts';
import { isDataFileName, toDataFiles } from './duckdb/data-files/data-file.ts';
import {
  type DatabaseSettings,
  type MongodbSettings,
  type MysqlSettings,
  type PostgresSettings,
  SNOWFLAKE_AUTHENTICATORS,
  type SnowflakeAuthenticator,
  type SnowflakeSettings,
  SSL_MODES,
  type SslMode,
} from './settings.ts';

const FORMS =
  'Write postgres://user:password@host:5432/database?sslmode=require, mysql://user:password@host:3306/database, mariadb://…, ' +
  'snowflake://user:password@account/database/schema?warehouse=…, sqlite:PATH, duckdb:PATH or mongodb://user:password@host/database.';

/**
 * Reads `postgres://`, `postgresql://`, `mysql://`, `mariadb://`, `snowflake://`, `sqlite:PATH`, `sqlite:///absolute/path`, the
 * same with `duckdb:`, `file:` URLs, which are DuckDB's where the file's name ends in .duckdb or .ddb and read into tables where
 * it is that of data (.csv, .json, .parquet and so on), `mongodb://` and `mongodb+srv://`.
 * A password may stand there percent-encoded or as it is, even with @, /, # or %. Throws
 * CONFIG_INVALID; its message never holds the URL, which may hold a password.
 */
export function parseDatabaseUrl(url: string): DatabaseSettings {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  switch (scheme) {
    case 'postgres':
    case 'postgresql':
      return parsePostgresUrl(url.slice(scheme.length + 1));
    case 'mysql':
    case 'mariadb':
      return parseMysqlUrl(scheme, url.slice(scheme.length + 1));
    case 'snowflake':
      return parseSnowflakeUrl(url.slice(scheme.length + 1));
    case 'sqlite':
    case 'sqlite3':
      return { dialect: 'sqlite', path: filePath(url, scheme, 'SQLite') };
    case 'file': {
      const path = filePath(url, scheme, 'file');
      if (isDataFileName(path)) return { dialect: 'duckdb', files: toDataFiles([{ path, label: path }]) };
      return /\.(?:duckdb|ddb)$/i.test(path) ? { dialect: 'duckdb', path } : { dialect: 'sqlite', path };
    }
    case 'duckdb':
      return { dialect: 'duckdb', path: filePath(url, scheme, 'DuckDB') };
    case 'mongodb':
    case 'mongodb+srv':
      return parseMongodbUrl(url.slice(scheme.length + 1), scheme === 'mongodb+srv');
    case undefined:
      throw new CustardError('CONFIG_INVALID', 'This is no database URL: it has no scheme.', {
        hint: `For a file write sqlite: or duckdb: before its path. ${FORMS}`,
      });
    default:
      throw new CustardError('UNSUPPORTED_ENGINE', `There is no connector for ${scheme}: URLs.`, { hint: FORMS });
  }
}

function parsePostgresUrl(rest: string): PostgresSettings {
  if (!rest.startsWith('//')) throw invalid('A PostgreSQL URL begins with postgres://.');
  const { userinfo, address, path, query } = splitAuthority(rest.slice(2));
  const { urlUser, urlPassword } = splitUserinfo(userinfo);
  const { host, port } = splitAddress(address);
  const parameters = new URLSearchParams(query);
  refuseUnknownTls([...parameters.keys()]);
  const text = (name: string) => parameters.get(name) || undefined;
  const user = text('user') ?? (urlUser || userInfo().username);
  return {
    dialect: 'postgres',
    host: text('host') ?? (decode(host) || 'localhost'),
    port: parsePort(text('port') ?? port, 5432),
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

/** What the query holds is the driver's to understand; it refuses what it does not know. */
function parseMongodbUrl(rest: string, srv: boolean): MongodbSettings {
  if (!rest.startsWith('//')) throw invalid('A MongoDB URL begins with mongodb:// or mongodb+srv://.');
  const { userinfo, address, path, query } = splitAuthority(rest.slice(2));
  const colon = userinfo.indexOf(':');
  const user = decode(colon < 0 ? userinfo : userinfo.slice(0, colon)) || undefined;
  const password = colon < 0 ? undefined : decode(userinfo.slice(colon + 1));
  if (srv && /[,:]/.test(address)) throw invalid('A mongodb+srv:// URL names one host, without a port.');
  return {
    dialect: 'mongodb',
    srv,
    hosts: address || 'localhost',
    database: decode(path),
    options: query,
    ...defined({ user, password }),
  };
}

const SNOWFLAKE_DOMAIN = /\.snowflakecomputing\.(?:com|cn)$/i;

/** `snowflake://user:password@account/database/schema?warehouse=…&role=…`, as Snowflake's own tools write it. */
function parseSnowflakeUrl(rest: string): SnowflakeSettings {
  if (!rest.startsWith('//')) throw invalid('A Snowflake URL begins with snowflake://.');
  const { userinfo, address, path, query } = splitAuthority(rest.slice(2));
  const { urlUser, urlPassword } = splitUserinfo(userinfo);
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

/** MySQL's own names of the modes, as its clients take them; PostgreSQL's are understood too. */
const MYSQL_SSL_MODES: Readonly<Record<string, SslMode>> = {
  disabled: 'disable',
  preferred: 'prefer',
  required: 'require',
  verify_ca: 'verify-ca',
  verify_identity: 'verify-full',
};

/** With or without the dash, whatever the case: mysql says ssl-mode, Connector/J sslMode. */
const MYSQL_TLS_PARAMETERS: Readonly<Record<string, 'sslmode' | 'caFile' | 'certFile' | 'keyFile'>> = {
  sslmode: 'sslmode',
  sslca: 'caFile',
  sslrootcert: 'caFile',
  sslcert: 'certFile',
  sslkey: 'keyFile',
};

function parseMysqlUrl(dialect: MysqlSettings['dialect'], rest: string): MysqlSettings {
  if (!rest.startsWith('//')) throw invalid(`The URL begins with ${dialect}://.`);
  const { userinfo, address, path, query } = splitAuthority(rest.slice(2));
  const { urlUser, urlPassword } = splitUserinfo(userinfo);
  const { host, port } = splitAddress(address);
  const parameters = new URLSearchParams(query);
  const { sslmode, ...files } = mysqlTls(parameters);
  return {
    dialect,
    host: parameters.get('socket') || decode(host) || 'localhost',
    port: parsePort(port, 3306),
    user: urlUser || userInfo().username,
    database: decode(path) || null,
    sslmode: parseSslMode(sslmode === undefined ? undefined : (MYSQL_SSL_MODES[sslmode.toLowerCase()] ?? sslmode)),
    ...defined({ password: urlPassword, ...files }),
  };
}

/** A mistyped ssl-mode would mean less safety than asked for. */
function mysqlTls(parameters: URLSearchParams): {
  readonly [K in 'sslmode' | 'caFile' | 'certFile' | 'keyFile']?: string;
} {
  const given: { [K in 'sslmode' | 'caFile' | 'certFile' | 'keyFile']?: string } = {};
  for (const [name, value] of parameters) {
    if (!/^(?:ssl|tls)/i.test(name) || value === '') continue;
    const known = MYSQL_TLS_PARAMETERS[name.toLowerCase().replaceAll(/[-_]/g, '')];
    if (known === undefined) {
      throw new CustardError('CONFIG_INVALID', 'The database URL has a parameter about TLS that is not known here.', {
        hint: 'Write ?ssl-mode=REQUIRED to encrypt, VERIFY_IDENTITY to check the server too; ssl-ca, ssl-cert and ssl-key name PEM files.',
      });
    }
    given[known] = value;
  }
  return given;
}

function splitUserinfo(userinfo: string): { urlUser: string; urlPassword: string | undefined } {
  const colon = userinfo.indexOf(':');
  return {
    urlUser: decode(colon < 0 ? userinfo : userinfo.slice(0, colon)),
    urlPassword: colon < 0 ? undefined : decode(userinfo.slice(colon + 1)),
  };
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

function parsePort(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
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

function filePath(url: string, scheme: string, engine: string): string {
  const rest = url.slice(scheme.length + 1);
  if (rest.startsWith('///')) return fileURLToPath(`file:${withoutQuery(rest)}`);
  const path = scheme === 'file' ? decode(withoutQuery(rest)) : rest;
  const plain = path.startsWith('//') ? path.slice(2) : path;
  if (plain === '') throw invalid(`The ${engine} URL names no file.`);
  if (plain === ':memory:') throw invalid(`An in-memory ${engine} database is empty: there is nothing to ask.`);
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
