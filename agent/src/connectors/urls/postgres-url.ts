import { CustardError } from '#core/errors.ts';
import { CHANNEL_BINDINGS, type ChannelBinding, type PostgresSettings } from '../settings.ts';
import {
  decode,
  defined,
  invalid,
  ownUserName,
  parsePort,
  parseSslMode,
  splitAddress,
  splitAuthority,
  splitUserinfo,
} from './url-parts.ts';

const MAX_CONNECT_TIMEOUT_S = 60;

/** libpq's URLs, with what Prisma, JDBC and SQLAlchemy put into them. */
export function parsePostgresUrl(rest: string): PostgresSettings {
  if (!rest.startsWith('//')) throw invalid('A PostgreSQL URL begins with postgres://.');
  const { userinfo, address, path, query } = splitAuthority(rest.slice(2));
  const { urlUser, urlPassword } = splitUserinfo(userinfo);
  const { host, port } = splitAddress(address);
  const parameters = new URLSearchParams(query);
  refuseUnsafe(parameters);
  const text = (name: string) => parameters.get(name) || undefined;
  const user = text('user') ?? (urlUser || ownUserName());
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
      keyPassword: text('sslpassword'),
      applicationName: text('application_name') ?? text('ApplicationName'),
    }),
    ...optionsAndPath(text('options'), text('schema') ?? text('currentSchema')),
    ...connectTimeout(text('connect_timeout') ?? text('connectTimeout')),
    ...channelBinding(text('channel_binding') ?? text('channelBinding')),
  };
}

/** The search path alone, which can be set anew in each transaction; other options only a server itself takes. */
const SEARCH_PATH_ALONE = /^\s*(?:-c\s*|--)search_path=((?:[^\s\\]|\\.)+)\s*$/s;

/** Prisma's `schema` and JDBC's `currentSchema` are names, libpq's option is a list as SET takes it. */
function optionsAndPath(options: string | undefined, schema: string | undefined) {
  const path = options === undefined ? undefined : SEARCH_PATH_ALONE.exec(options)?.[1];
  if (path !== undefined) return { searchPath: path.replaceAll(/\\(.)/gs, '$1') };
  return defined({ options, searchPath: schema?.split(',').map(quotedName).join(',') });
}

const quotedName = (name: string): string => `"${name.trim().replaceAll('"', '""')}"`;

function connectTimeout(text: string | undefined): { readonly connectTimeoutMs?: number } {
  if (text === undefined || text === '0') return {};
  const seconds = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (seconds === 0) throw invalid('connect_timeout is not a number of seconds.');
  return { connectTimeoutMs: Math.min(seconds, MAX_CONNECT_TIMEOUT_S) * 1000 };
}

function channelBinding(text: string | undefined): { readonly channelBinding?: ChannelBinding } {
  if (text === undefined) return {};
  const known = CHANNEL_BINDINGS.find((one) => one === text);
  if (known === undefined) throw invalid(`channel_binding is none of ${CHANNEL_BINDINGS.join(', ')}.`);
  return { channelBinding: known };
}

const TLS_PARAMETERS: ReadonlySet<string> = new Set(['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslpassword']);
/** libpq's, which change nothing in what is trusted. */
const IDLE_TLS_PARAMETERS: ReadonlySet<string> = new Set(['sslsni', 'sslcompression', 'sslnegotiation']);
/** With one host to connect to, they leave no choice but that one. */
const IDLE_TARGETS: ReadonlySet<string> = new Set(['any', 'read-write', 'primary', 'prefer-standby']);

/**
 * Most parameters are of other tools and mean nothing here. Not so a mistyped sslmode, which would mean less safety than
 * was asked for, a demand for a replica, or a file that holds what is missing.
 */
function refuseUnsafe(parameters: URLSearchParams): void {
  const names = [...parameters.keys()];
  if (names.some((name) => /^ssl|^tls/i.test(name) && !TLS_PARAMETERS.has(name) && !IDLE_TLS_PARAMETERS.has(name))) {
    throw new CustardError('CONFIG_INVALID', 'The database URL has a parameter about TLS that is not known here.', {
      hint: 'Write postgres://…?sslmode=require to encrypt, sslmode=verify-full to check the server too; sslrootcert, sslcert and sslkey name PEM files.',
    });
  }
  const target = parameters.get('target_session_attrs') ?? parameters.get('targetServerType');
  if (target !== null && target !== '' && !IDLE_TARGETS.has(target)) {
    throw new CustardError(
      'CONFIG_INVALID',
      'The database URL asks for a certain kind of server (target_session_attrs).',
      {
        hint: 'Custard connects to one host and does not choose: name the replica itself, and leave target_session_attrs out.',
      },
    );
  }
  if (parameters.has('service') || parameters.has('passfile')) {
    throw new CustardError('CONFIG_INVALID', 'The database URL names a service or password file of libpq.', {
      hint: 'Write what it says into the URL; a password belongs into DB_PASSWORD, DB_PASSWORD_FILE, or for --db into PGPASSWORD or ~/.pgpass.',
    });
  }
}
