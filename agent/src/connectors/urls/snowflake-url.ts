import { SNOWFLAKE_AUTHENTICATORS, type SnowflakeAuthenticator, type SnowflakeSettings } from '../settings.ts';
import { decode, defined, invalid, splitAuthority, splitUserinfo } from './url-parts.ts';

const SNOWFLAKE_DOMAIN = /\.snowflakecomputing\.(?:com|cn)$/i;

/** `snowflake://user:password@account/database/schema?warehouse=…&role=…`, as Snowflake's own tools write it. */
export function parseSnowflakeUrl(rest: string): SnowflakeSettings {
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
