import type { DataFile } from './duckdb/data-files/data-file.ts';

/** Where a database is and how to get in; one shape per dialect. Secrets: never log one of these. */
export type DatabaseSettings = SettingsOf[keyof SettingsOf];

export interface SettingsOf {
  readonly postgres: PostgresSettings;
  readonly snowflake: SnowflakeSettings;
  readonly sqlite: SqliteSettings;
  readonly mongodb: MongodbSettings;
  readonly mysql: MysqlSettings & { readonly dialect: 'mysql' };
  readonly mariadb: MysqlSettings & { readonly dialect: 'mariadb' };
  readonly duckdb: DuckdbSettings;
}

/** What every engine's settings hold. */
interface PoolSettings {
  /** Sessions with the database (for a file: processes that read it) that may be open at the same time. */
  readonly sessions?: number;
}

/** libpq's modes: https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-SSLMODE-STATEMENTS */
export const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof SSL_MODES)[number];

export const CHANNEL_BINDINGS = ['disable', 'prefer', 'require'] as const;
export type ChannelBinding = (typeof CHANNEL_BINDINGS)[number];

export interface TlsFileSettings {
  /** PEM file of the authorities to trust, instead of the ones Node brings; `system` for the operating system's. */
  readonly caFile?: string;
  /** PEM files of a client certificate and its key, and what the key is encrypted with. */
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly keyPassword?: string;
}

export interface PasswordSettings {
  readonly password?: string;
  /** Instead of it: read at each login. */
  readonly passwordFile?: string;
}

export interface PostgresSettings extends PoolSettings, TlsFileSettings, PasswordSettings {
  readonly dialect: 'postgres';
  /** A name, an address, or the folder of a Unix socket (it then begins with `/`). */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly sslmode: SslMode;
  /** Command line options for the server, as in libpq's `options`. Not understood by every pooler. */
  readonly options?: string;
  /** Set in each transaction, as poolers keep nothing between them; as SET search_path takes it. */
  readonly searchPath?: string;
  /** `custard` where nobody gave another. */
  readonly applicationName?: string;
  readonly connectTimeoutMs?: number;
  /** libpq's: `require` logs in only if the server proves in doing so that nobody stands between. */
  readonly channelBinding?: ChannelBinding;
}

export interface MongodbSettings extends PoolSettings, TlsFileSettings, PasswordSettings {
  readonly dialect: 'mongodb';
  /** The hosts are looked up in DNS (mongodb+srv). */
  readonly srv: boolean;
  /** `host:port`, several with commas between them; as in the URL. */
  readonly hosts: string;
  readonly user?: string;
  /** Stands above what the URL's query says of TLS. */
  readonly sslmode?: SslMode;
  /** Empty where nobody has named it yet. */
  readonly database: string;
  /** The URL's query: the driver's own options, TLS among them. */
  readonly options: string;
}

/** As Snowflake's drivers write them, but for those that need a browser, which an agent has none of. */
export const SNOWFLAKE_AUTHENTICATORS = ['SNOWFLAKE', 'SNOWFLAKE_JWT', 'OAUTH', 'PROGRAMMATIC_ACCESS_TOKEN'] as const;
export type SnowflakeAuthenticator = (typeof SNOWFLAKE_AUTHENTICATORS)[number];

export interface SnowflakeSettings extends PoolSettings, PasswordSettings {
  readonly dialect: 'snowflake';
  /** organization-account, or a locator with its region: ab12345.eu-central-1 */
  readonly account: string;
  /** Where the account is, when that is no *.snowflakecomputing.com: a private link. */
  readonly accessUrl?: string;
  readonly user: string;
  readonly database: string;
  readonly schema?: string;
  readonly warehouse?: string;
  readonly role?: string;
  /** Told by what is there of a key, a token and a password, when it is not said. */
  readonly authenticator?: SnowflakeAuthenticator;
  /** PEM file of a private key, and what it is encrypted with. */
  readonly privateKeyFile?: string;
  readonly privateKeyPassphrase?: string;
  /** OAuth's or a programmatic access token, or the file it is in, which is read at each login. */
  readonly token?: string;
  readonly tokenFile?: string;
}

export interface SqliteSettings extends PoolSettings {
  readonly dialect: 'sqlite';
  /** Of an existing file, absolute or relative to the working directory. */
  readonly path: string;
}

export interface MysqlSettings extends PoolSettings, TlsFileSettings, PasswordSettings {
  /** As the URL's scheme has it; which of the two the server is, the first connection tells. */
  readonly dialect: 'mysql' | 'mariadb';
  /** A name, an address, or the path of a Unix socket (it then begins with `/`). */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Null: names are written with their database, and all that the account may see is described. */
  readonly database: string | null;
  readonly sslmode: SslMode;
}

/** A database's file, or files of data that are read into tables. */
export type DuckdbSettings = DuckdbFileSettings | DataFilesSettings;

interface DuckdbFileSettings extends PoolSettings {
  readonly dialect: 'duckdb';
  /** Of an existing file, absolute or relative to the working directory. */
  readonly path: string;
  readonly files?: undefined;
}

/** One process holds them, however many sessions it may have. */
export interface DataFilesSettings extends PoolSettings {
  readonly dialect: 'duckdb';
  readonly files: readonly DataFile[];
}
