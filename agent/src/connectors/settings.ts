/** Where a database is and how to get in; one shape per dialect. Secrets: never log one of these. */
export type DatabaseSettings = SettingsOf[keyof SettingsOf];

export interface SettingsOf {
  readonly postgres: PostgresSettings;
  readonly sqlite: SqliteSettings;
  readonly duckdb: DuckdbSettings;
}

/** libpq's modes: https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-SSLMODE-STATEMENTS */
export const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof SSL_MODES)[number];

export interface PostgresSettings {
  readonly dialect: 'postgres';
  /** A name, an address, or the folder of a Unix socket (it then begins with `/`). */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password?: string;
  readonly database: string;
  readonly sslmode: SslMode;
  /** PEM file of the authorities to trust, instead of the ones Node brings. */
  readonly caFile?: string;
  /** PEM files of a client certificate and its key. */
  readonly certFile?: string;
  readonly keyFile?: string;
  /** Command line options for the server, as in libpq's `options`. Not understood by every pooler. */
  readonly options?: string;
}

export interface SqliteSettings {
  readonly dialect: 'sqlite';
  /** Of an existing file, absolute or relative to the working directory. */
  readonly path: string;
}

export interface DuckdbSettings {
  readonly dialect: 'duckdb';
  /** Of an existing file, absolute or relative to the working directory. */
  readonly path: string;
}
