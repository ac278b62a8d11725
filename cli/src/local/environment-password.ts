import type { DatabaseSettings } from '#agent/connectors/settings.ts';
import { withSnowflakeSecrets } from '#agent/connectors/snowflake/secrets.ts';
import type { Environment } from '../config/directories.ts';

/** As psql takes it: a password in a URL is seen by every process of the machine. */
export function withEnvironmentPassword(settings: DatabaseSettings, env: Environment): DatabaseSettings {
  if (settings.dialect === 'snowflake') return withSnowflakeSecrets(settings, env);
  const password = env['PGPASSWORD'];
  const isMissing = settings.dialect === 'postgres' && settings.password === undefined && password !== undefined;
  return isMissing ? { ...settings, password } : settings;
}
