import type { SnowflakeSettings } from '../settings.ts';

/** The names that Snowflake's own tools know, and Custard's for a password. */
interface Secrets {
  readonly DB_PASSWORD?: string | undefined;
  readonly DB_PASSWORD_FILE?: string | undefined;
  readonly SNOWFLAKE_PRIVATE_KEY_FILE?: string | undefined;
  readonly SNOWFLAKE_PRIVATE_KEY_PASSPHRASE?: string | undefined;
  readonly SNOWFLAKE_TOKEN?: string | undefined;
  readonly SNOWFLAKE_TOKEN_FILE?: string | undefined;
}

/** What the environment has goes before the URL: nothing in it needs encoding, and no list of processes shows it. */
export function withSnowflakeSecrets(settings: SnowflakeSettings, environment: Secrets): SnowflakeSettings {
  const secrets = {
    password: environment.DB_PASSWORD,
    passwordFile: environment.DB_PASSWORD_FILE,
    privateKeyFile: environment.SNOWFLAKE_PRIVATE_KEY_FILE,
    privateKeyPassphrase: environment.SNOWFLAKE_PRIVATE_KEY_PASSPHRASE,
    token: environment.SNOWFLAKE_TOKEN,
    tokenFile: environment.SNOWFLAKE_TOKEN_FILE,
  };
  const given = Object.fromEntries(Object.entries(secrets).filter(([, secret]) => secret));
  return { ...settings, ...given };
}
