import type { DatabaseSettings } from '#agent/connectors/settings.ts';
import { withSnowflakeSecrets } from '#agent/connectors/snowflake/secrets.ts';
import type { Environment } from '../config/directories.ts';
import { passwordFromFile } from './password-file.ts';

/** As psql and mysql take it: a password in a URL is seen by every process of the machine. */
export function withEnvironmentPassword(settings: DatabaseSettings, env: Environment): DatabaseSettings {
  const { dialect } = settings;
  if (dialect === 'snowflake') return withSnowflakeSecrets(settings, env);
  if (dialect !== 'postgres' && dialect !== 'mysql' && dialect !== 'mariadb') return settings;
  if (settings.password !== undefined) return settings;
  const password = dialect === 'postgres' ? (env['PGPASSWORD'] ?? passwordFromFile(settings, env)) : env['MYSQL_PWD'];
  return password === undefined ? settings : { ...settings, password };
}
