import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { CustardError } from '#core/errors.ts';
import { currentPassword } from '../password-file.ts';
import type { SnowflakeAuthenticator, SnowflakeSettings } from '../settings.ts';

/** A statement's own request is asked again after so long without an answer, which Snowflake gives every 45 s. */
const REQUEST_TIMEOUT_MS = 90_000;
/** Rows the driver keeps ready, of those that it has in memory anyway. */
const ROWS_READY = 256;

/** What the driver is told to connect with: nothing that makes it write files, or ask a person. */
export async function connectionOptions(settings: SnowflakeSettings): Promise<Record<string, unknown>> {
  const { account, accessUrl, user, database, schema, warehouse, role } = settings;
  const authenticator = settings.authenticator ?? authenticatorFor(settings);
  return {
    ...(accessUrl === undefined ? {} : { accessUrl }),
    ...{ account, username: user, database, authenticator },
    ...Object.fromEntries(Object.entries({ schema, warehouse, role }).filter(([, value]) => value !== undefined)),
    ...(await credentials(authenticator, settings)),
    application: 'Custard',
    timeout: REQUEST_TIMEOUT_MS,
    rowStreamHighWaterMark: ROWS_READY,
    resultPrefetch: 1,
    sfRetryMaxLoginRetries: 1,
    clientStoreTemporaryCredential: false,
    clientRequestMFAToken: false,
    clientSessionKeepAlive: false,
    crlOnDiskCache: false,
    disableQueryContextCache: false,
    // Of a database or a role that is not there the login itself says so.
    validateDefaultParameters: true,
  };
}

function authenticatorFor({
  privateKeyFile,
  token,
  tokenFile,
  password,
  passwordFile,
}: SnowflakeSettings): SnowflakeAuthenticator {
  if (privateKeyFile !== undefined) return 'SNOWFLAKE_JWT';
  if (token !== undefined || tokenFile !== undefined) return 'OAUTH';
  if (password !== undefined || passwordFile !== undefined) return 'SNOWFLAKE';
  throw missing('a password, a key or a token', 'Set SNOWFLAKE_PRIVATE_KEY_FILE, SNOWFLAKE_TOKEN or DB_PASSWORD.');
}

type Credentials = (settings: SnowflakeSettings) => Promise<Record<string, unknown>>;

const CREDENTIALS: Readonly<Record<SnowflakeAuthenticator, Credentials>> = {
  SNOWFLAKE: async (settings) => {
    const password = await currentPassword(settings);
    if (password === undefined) throw missing('a password', 'Put it into the URL, or set DB_PASSWORD.');
    return { password };
  },
  SNOWFLAKE_JWT: async (settings) => ({ privateKey: await privateKey(settings) }),
  OAUTH: async (settings) => ({ token: await token(settings) }),
  PROGRAMMATIC_ACCESS_TOKEN: async (settings) => ({
    token: (await currentPassword(settings)) ?? (await token(settings)),
  }),
};

const credentials = (authenticator: SnowflakeAuthenticator, settings: SnowflakeSettings) =>
  CREDENTIALS[authenticator](settings);

/** Decrypted here, so that the passphrase goes nowhere else. The driver takes PKCS #8 in PEM. */
async function privateKey({ privateKeyFile, privateKeyPassphrase }: SnowflakeSettings): Promise<string> {
  if (privateKeyFile === undefined) throw missing('a private key', 'Set SNOWFLAKE_PRIVATE_KEY_FILE to its PEM file.');
  const pem = await readSecret(privateKeyFile, 'The file of the private key');
  const passphrase = privateKeyPassphrase === undefined ? {} : { passphrase: privateKeyPassphrase };
  try {
    return createPrivateKey({ key: pem, ...passphrase })
      .export({ type: 'pkcs8', format: 'pem' })
      .toString();
  } catch (cause) {
    throw new CustardError('CONFIG_INVALID', 'The private key for Snowflake cannot be used.', {
      hint: 'It has to be an RSA key in PEM; if it is encrypted, set SNOWFLAKE_PRIVATE_KEY_PASSPHRASE.',
      cause,
    });
  }
}

async function token(settings: SnowflakeSettings): Promise<string> {
  if (settings.token !== undefined) return settings.token;
  if (settings.tokenFile === undefined) throw missing('a token', 'Set SNOWFLAKE_TOKEN or SNOWFLAKE_TOKEN_FILE.');
  return (await readSecret(settings.tokenFile, 'The file of the token')).trim();
}

async function readSecret(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new CustardError('CONFIG_INVALID', `${what} for Snowflake cannot be read.`, {
      hint: `Check that ${path} is there and that this user may read it.`,
      cause,
    });
  }
}

const missing = (what: string, hint: string): CustardError =>
  new CustardError('DATABASE_AUTH_FAILED', `Snowflake asks for ${what}, and none is set.`, { hint });
