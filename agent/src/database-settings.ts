import { CustardError } from '#core/errors.ts';
import { parseDatabaseUrl } from './connectors/database-url.ts';
import type { DatabaseSettings, MongodbSettings } from './connectors/settings.ts';
import { withSnowflakeSecrets } from './connectors/snowflake/secrets.ts';
import type { AgentEnvironment } from './env.ts';
import { readSecretFile } from './secret-file.ts';

/**
 * Where the agent's database is: DB_URL, with the single names on top of it, or the single names
 * alone for PostgreSQL. A password in DB_PASSWORD is taken as it is, nothing in it needs encoding.
 */
export async function databaseSettings(environment: AgentEnvironment): Promise<DatabaseSettings> {
  const { DB_HOST } = environment;
  const url = await databaseUrl(environment);
  if (url === undefined && DB_HOST === undefined) {
    throw new CustardError('CONFIG_INVALID', 'The agent does not know where its database is.', {
      hint: 'Set DB_URL (or DB_URL_FILE), or DB_HOST, DB_PORT, DB_USER, DB_PASSWORD (or DB_PASSWORD_FILE) and DB_NAME.',
    });
  }
  const base = parseDatabaseUrl(url ?? 'postgres://localhost');
  const settings = withSingleNames(base, environment);
  // The file is read at each login; that it can be read at all is better known now.
  if ('passwordFile' in settings && settings.passwordFile !== undefined) {
    await readSecretFile(settings.passwordFile, 'DB_PASSWORD_FILE');
  }
  return settings;
}

/** DB_URL, or what its file holds. */
export async function databaseUrl(environment: AgentEnvironment): Promise<string | undefined> {
  refuseBoth(environment, 'DB_PASSWORD', 'DB_PASSWORD_FILE');
  refuseBoth(environment, 'DB_URL', 'DB_URL_FILE');
  const { DB_URL, DB_URL_FILE } = environment;
  return DB_URL_FILE === undefined ? DB_URL : await readSecretFile(DB_URL_FILE, 'DB_URL_FILE');
}

function withSingleNames(base: DatabaseSettings, environment: AgentEnvironment): DatabaseSettings {
  const { DB_HOST, DB_PORT, DB_USER, DB_NAME, DB_SSLMODE } = environment;
  const login = {
    ...(DB_USER === undefined ? {} : { user: DB_USER }),
    ...(DB_NAME === undefined ? {} : { database: DB_NAME }),
    ...passwordOf(environment),
  };
  const tls = { ...(DB_SSLMODE === undefined ? {} : { sslmode: DB_SSLMODE }), ...tlsFilesOf(environment) };
  switch (base.dialect) {
    case 'sqlite':
    case 'duckdb':
      return base;
    case 'snowflake':
      return withSnowflakeSecrets(base, environment);
    case 'mongodb':
      return withMongodbTls({ ...base, ...login }, tls);
    default: {
      const address = {
        ...(DB_HOST === undefined ? {} : { host: DB_HOST }),
        ...(DB_PORT === undefined ? {} : { port: DB_PORT }),
      };
      return { ...base, ...address, ...login, ...tls };
    }
  }
}

/** Either stands above what the URL holds. */
function passwordOf({ DB_PASSWORD, DB_PASSWORD_FILE }: AgentEnvironment) {
  if (DB_PASSWORD_FILE !== undefined) return { passwordFile: DB_PASSWORD_FILE };
  return DB_PASSWORD === undefined ? {} : { password: DB_PASSWORD };
}

function tlsFilesOf({ DB_SSLROOTCERT, DB_SSLCERT, DB_SSLKEY, DB_SSLPASSWORD }: AgentEnvironment) {
  return {
    ...(DB_SSLROOTCERT === undefined ? {} : { caFile: DB_SSLROOTCERT }),
    ...(DB_SSLCERT === undefined ? {} : { certFile: DB_SSLCERT }),
    ...(DB_SSLKEY === undefined ? {} : { keyFile: DB_SSLKEY }),
    ...(DB_SSLPASSWORD === undefined ? {} : { keyPassword: DB_SSLPASSWORD }),
  };
}

/** MongoDB's driver encrypts or does not; it never tries. */
function withMongodbTls(
  settings: MongodbSettings,
  tls: Pick<MongodbSettings, 'sslmode' | keyof ReturnType<typeof tlsFilesOf>>,
): MongodbSettings {
  if (tls.sslmode === 'prefer') {
    throw new CustardError(
      'CONFIG_INVALID',
      'DB_SSLMODE=prefer means nothing to MongoDB: it encrypts or it does not.',
      {
        hint: 'Set DB_SSLMODE to disable, require, verify-ca or verify-full, or leave it out and say it in DB_URL: mongodb://…?tls=true.',
      },
    );
  }
  if (tls.sslmode === undefined && Object.keys(tls).length > 0) {
    throw new CustardError('CONFIG_INVALID', 'DB_SSLROOTCERT, DB_SSLCERT and DB_SSLKEY need DB_SSLMODE for MongoDB.', {
      hint: 'Set DB_SSLMODE=verify-full too, or say it all in DB_URL: mongodb://…?tls=true&tlsCAFile=FILE.',
    });
  }
  return { ...settings, ...tls };
}

function refuseBoth(environment: AgentEnvironment, name: 'DB_PASSWORD' | 'DB_URL', file: `${typeof name}_FILE`): void {
  if (environment[name] === undefined || environment[file] === undefined) return;
  throw new CustardError('CONFIG_INVALID', `${name} and ${file} are both set.`, { hint: 'Leave one of them out.' });
}
