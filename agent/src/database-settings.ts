import { CustardError } from '#core/errors.ts';
import { parseDatabaseUrl } from './connectors/database-url.ts';
import type { DatabaseSettings } from './connectors/settings.ts';
import { withSnowflakeSecrets } from './connectors/snowflake/secrets.ts';
import type { AgentEnvironment } from './env.ts';

/**
 * Where the agent's database is: DB_URL, with the single names on top of it, or the single names
 * alone for PostgreSQL. A password in DB_PASSWORD is taken as it is, nothing in it needs encoding.
 */
export function databaseSettings(environment: AgentEnvironment): DatabaseSettings {
  const { DB_URL, DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME, DB_SSLMODE, DB_SSLROOTCERT } = environment;
  if (DB_URL === undefined && DB_HOST === undefined) {
    throw new CustardError('CONFIG_INVALID', 'The agent does not know where its database is.', {
      hint: 'Set DB_URL, or DB_HOST, DB_PORT, DB_USER, DB_PASSWORD and DB_NAME.',
    });
  }
  const base = parseDatabaseUrl(DB_URL ?? 'postgres://localhost');
  if (base.dialect === 'mongodb') {
    if (DB_SSLMODE !== undefined || DB_SSLROOTCERT !== undefined) {
      throw new CustardError('CONFIG_INVALID', 'DB_SSLMODE and DB_SSLROOTCERT mean nothing to MongoDB.', {
        hint: 'Say it in DB_URL: mongodb://…?tls=true&tlsCAFile=FILE.',
      });
    }
    return {
      ...base,
      ...(DB_USER === undefined ? {} : { user: DB_USER }),
      ...(DB_PASSWORD === undefined ? {} : { password: DB_PASSWORD }),
      ...(DB_NAME === undefined ? {} : { database: DB_NAME }),
    };
  }
  if (base.dialect === 'snowflake') return withSnowflakeSecrets(base, environment);
  if (base.dialect === 'sqlite' || base.dialect === 'duckdb') return base;
  return {
    ...base,
    ...(DB_HOST === undefined ? {} : { host: DB_HOST }),
    ...(DB_PORT === undefined ? {} : { port: DB_PORT }),
    ...(DB_USER === undefined ? {} : { user: DB_USER }),
    ...(DB_PASSWORD === undefined ? {} : { password: DB_PASSWORD }),
    ...(DB_NAME === undefined ? {} : { database: DB_NAME }),
    ...(DB_SSLMODE === undefined ? {} : { sslmode: DB_SSLMODE }),
    ...(DB_SSLROOTCERT === undefined ? {} : { caFile: DB_SSLROOTCERT }),
  };
}
