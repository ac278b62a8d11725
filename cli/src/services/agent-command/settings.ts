import type { DbType } from '#core/dialects.ts';

/** One name of the agent's environment, and what kind of thing it is: that decides how a container gets it. */
export type Setting =
  | { readonly kind: 'plain'; readonly name: string; readonly value: string }
  /** In a container NAME_FILE, and `file` holds it. */
  | { readonly kind: 'secret'; readonly name: string; readonly value: string; readonly file: string }
  /** The value is the path of a file to be handed in. */
  | { readonly kind: 'secret file'; readonly name: string; readonly value: string; readonly file: string }
  /** A database that is a file. */
  | { readonly kind: 'database file'; readonly name: string; readonly scheme: 'sqlite' | 'duckdb' };

const plain = (name: string, value: string): Setting => ({ kind: 'plain', name, value });
const PASSWORD: Setting = { kind: 'secret', name: 'DB_PASSWORD', value: '<password>', file: 'db-password' };

export const DATABASE_SETTINGS: Readonly<Record<DbType, readonly Setting[]>> = {
  POSTGRESQL: [
    plain('DB_HOST', '<host>'),
    plain('DB_PORT', '5432'),
    plain('DB_NAME', '<database>'),
    plain('DB_USER', '<read-only user>'),
    PASSWORD,
    plain('DB_SSLMODE', 'prefer'),
  ],
  MONGODB: [plain('DB_URL', 'mongodb://<host>:27017/<database>'), plain('DB_USER', '<read-only user>'), PASSWORD],
  SQLITE: [{ kind: 'database file', name: 'DB_URL', scheme: 'sqlite' }],
  DUCKDB: [{ kind: 'database file', name: 'DB_URL', scheme: 'duckdb' }],
  MYSQL: [plain('DB_URL', 'mysql://<read-only user>@<host>:3306/<database>'), PASSWORD],
  SNOWFLAKE: [
    plain('DB_URL', 'snowflake://<read-only user>@<account>/<database>/<schema>?warehouse=<warehouse>&role=<role>'),
    {
      kind: 'secret file',
      name: 'SNOWFLAKE_PRIVATE_KEY_FILE',
      value: '<path of the key file>',
      file: 'snowflake-key.p8',
    },
  ],
};

type Variable = readonly [name: string, value: string];

/** For a process of the machine itself. */
export function variables(settings: readonly Setting[]): Variable[] {
  return settings.map((setting) => {
    if (setting.kind !== 'database file') return [setting.name, setting.value];
    return [setting.name, `${setting.scheme}:<path of the file>`];
  });
}

export const SECRETS_FOLDER = '/run/custard/secrets';
/** The folder and not the file: SQLite's journals stand beside it. */
export const DATA_FOLDER = '/data';

/** For a container, which has the files of `secretFiles` in SECRETS_FOLDER. */
export function containerVariables(settings: readonly Setting[]): Variable[] {
  return settings.map((setting) => {
    switch (setting.kind) {
      case 'plain':
        return [setting.name, setting.value];
      case 'secret':
        return [`${setting.name}_FILE`, `${SECRETS_FOLDER}/${setting.file}`];
      case 'secret file':
        return [setting.name, `${SECRETS_FOLDER}/${setting.file}`];
      case 'database file':
        return [setting.name, `${setting.scheme}:${DATA_FOLDER}/<name of the file>`];
      default:
        return setting satisfies never;
    }
  });
}

export type SecretSetting = Extract<Setting, { file: string }>;

export const secretFiles = (settings: readonly Setting[]): SecretSetting[] =>
  settings.filter((setting) => setting.kind === 'secret' || setting.kind === 'secret file');

export const hasDatabaseFile = (settings: readonly Setting[]): boolean =>
  settings.some(({ kind }) => kind === 'database file');
