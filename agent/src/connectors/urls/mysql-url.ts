import { CustardError } from '#core/errors.ts';
import type { MysqlSettings, SslMode } from '../settings.ts';
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

/** MySQL's own names of the modes, as its clients take them; PostgreSQL's are understood too. */
const MYSQL_SSL_MODES: Readonly<Record<string, SslMode>> = {
  disabled: 'disable',
  preferred: 'prefer',
  required: 'require',
  verify_ca: 'verify-ca',
  verify_identity: 'verify-full',
};

type TlsParameter = 'sslmode' | 'caFile' | 'certFile' | 'keyFile' | 'keyPassword';

/** With or without the dash, whatever the case: mysql says ssl-mode, Connector/J sslMode. */
const MYSQL_TLS_PARAMETERS: Readonly<Record<string, TlsParameter>> = {
  sslmode: 'sslmode',
  sslca: 'caFile',
  sslrootcert: 'caFile',
  sslcert: 'certFile',
  sslkey: 'keyFile',
  sslpassword: 'keyPassword',
};

export function parseMysqlUrl(dialect: MysqlSettings['dialect'], rest: string): MysqlSettings {
  if (!rest.startsWith('//')) throw invalid(`The URL begins with ${dialect}://.`);
  const { userinfo, address, path, query } = splitAuthority(rest.slice(2));
  const { urlUser, urlPassword } = splitUserinfo(userinfo);
  const { host, port } = splitAddress(address);
  const parameters = new URLSearchParams(query);
  const { sslmode, ...files } = mysqlTls(parameters);
  // As MySQL's own clients: who names an authority alone wants it to be looked at.
  const unsaid = files.caFile === undefined ? undefined : 'verify-ca';
  return {
    dialect,
    host: parameters.get('socket') || decode(host) || 'localhost',
    port: parsePort(port, 3306),
    user: urlUser || ownUserName(),
    database: decode(path) || null,
    sslmode: parseSslMode(sslmode === undefined ? unsaid : (MYSQL_SSL_MODES[sslmode.toLowerCase()] ?? sslmode)),
    ...defined({ password: urlPassword, ...files }),
  };
}

/** A mistyped ssl-mode would mean less safety than asked for. */
function mysqlTls(parameters: URLSearchParams): { readonly [K in TlsParameter]?: string } {
  const given: { [K in TlsParameter]?: string } = {};
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
