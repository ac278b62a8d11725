import type { MongoClientOptions } from 'mongodb';
import { currentPassword } from '../password-file.ts';
import type { MongodbSettings } from '../settings.ts';
import { readTlsFiles, SYSTEM_AUTHORITIES } from '../tls-files.ts';

/** What a client is made of; made anew when a file that it comes from has changed. */
export interface ClientArguments {
  readonly url: string;
  readonly options: MongoClientOptions;
}

/** The driver's defaults, where the URL says nothing else. */
export async function clientArguments(
  settings: MongodbSettings,
  defaults: MongoClientOptions,
): Promise<ClientArguments> {
  const password = await currentPassword(settings);
  const query = settings.sslmode === undefined ? settings.options : withoutTls(settings.options);
  const given = new Set([...new URLSearchParams(query).keys()].map((name) => name.toLowerCase()));
  const unsaid = Object.entries(defaults).filter(([name]) => !given.has(name.toLowerCase()));
  return {
    url: urlOf({ ...settings, options: query }, password),
    options: { ...Object.fromEntries(unsaid), ...(await tlsOptions(settings)) },
  };
}

/** libpq's modes in the driver's terms, `require` with an authority included, which then has to have signed. */
async function tlsOptions(settings: MongodbSettings): Promise<MongoClientOptions> {
  const { sslmode, caFile } = settings;
  if (sslmode === undefined) return {};
  if (sslmode === 'disable') return { tls: false };
  const isFull = sslmode === 'verify-full' || caFile === SYSTEM_AUTHORITIES;
  const verifies = isFull || sslmode === 'verify-ca' || caFile !== undefined;
  const { ca, cert, key } = await readTlsFiles(settings);
  return {
    tls: true,
    tlsAllowInvalidCertificates: !verifies,
    tlsAllowInvalidHostnames: !isFull,
    ...(ca === undefined ? {} : { ca: [ca].flat().join('\n') }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
  };
}

/** DB_SSLMODE stands above all of it. */
function withoutTls(query: string): string {
  return query
    .split('&')
    .filter((part) => !/^(?:tls|ssl)/i.test(part))
    .join('&');
}

/** As the driver wants it: user and password encoded, whatever is in them. */
function urlOf({ srv, hosts, user, database, options }: MongodbSettings, password: string | undefined): string {
  const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`;
  const userinfo = user === undefined ? '' : `${encodeURIComponent(user)}${secret}@`;
  const query = options === '' ? '' : `?${options}`;
  return `mongodb${srv ? '+srv' : ''}://${userinfo}${hosts}/${encodeURIComponent(database)}${query}`;
}
