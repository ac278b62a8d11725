import { CustardError } from '#core/errors.ts';
import type { Config } from './env.ts';

/** One setting, judged. `fail` is refused where CUSTARD_ENV is production. */
export interface Judgement {
  readonly setting: string;
  readonly verdict: 'ok' | 'warn' | 'fail';
  readonly message: string;
}

const SHORTEST_SECRET = 32;
const FEWEST_DIFFERENT = 10;
const KNOWN_SECRET = /secret|change.?me|password|example|custard|test|default|your/i;

const ok = (setting: string, message: string): Judgement => ({ setting, verdict: 'ok', message });
const warn = (setting: string, message: string): Judgement => ({ setting, verdict: 'warn', message });
const fail = (setting: string, message: string): Judgement => ({ setting, verdict: 'fail', message });

/** Every setting that matters once strangers can reach the server. */
export function judgeConfig(config: Config): Judgement[] {
  return [
    config.production
      ? ok('CUSTARD_ENV', 'production: what fails here is refused at the start')
      : warn('CUSTARD_ENV', 'not production: what fails here is not refused; set CUSTARD_ENV=production'),
    judgePublicUrl(config),
    judgeSecret('JWT_SECRET_KEY', config.jwtSecret),
    ...(config.jwtSecretPrevious === null ? [] : [judgeSecret('JWT_SECRET_KEY_PREVIOUS', config.jwtSecretPrevious)]),
    config.corsOrigins.includes('*')
      ? fail('CORS_ORIGINS', 'every web site may ask on behalf of its visitors; name the origins')
      : ok('CORS_ORIGINS', config.corsOrigins.length === 0 ? 'no other origin' : config.corsOrigins.join(', ')),
    judgeDatabase(config),
    judgeRedis(config),
    judgeMail(config),
    config.signup === 'open'
      ? ok('SIGNUP', 'open: everybody may sign up, each with an organization of their own')
      : ok('SIGNUP', 'invited: only who was invited may come in'),
  ];
}

/** CONFIG_INVALID with all that production does not allow. */
export function refuseUnsafeProduction(config: Config): void {
  if (!config.production) return;
  const failed = judgeConfig(config).filter(({ verdict }) => verdict === 'fail');
  if (failed.length === 0) return;
  const problems = failed.map(({ setting, message }) => `${setting}: ${message}`);
  throw new CustardError('CONFIG_INVALID', `The environment is not right for production: ${problems.join('; ')}.`, {
    hint: `Set ${failed.map(({ setting }) => setting).join(', ')} and start again, or take CUSTARD_ENV=production away.`,
  });
}

function judgePublicUrl({ publicUrl }: Config): Judgement {
  if (publicUrl === null)
    return fail(
      'PUBLIC_URL',
      'links in mails name the address the server listens on; set it to the https:// address people use',
    );
  if (!publicUrl.startsWith('https://'))
    return fail('PUBLIC_URL', 'passwords and tokens would travel unencrypted; use https:// and a TLS proxy');
  return ok('PUBLIC_URL', publicUrl);
}

/** A secret people think up is guessed offline from one access token. */
function judgeSecret(setting: string, secret: string | null): Judgement {
  if (secret === null) return ok(setting, 'made at the first start, 256 bits, kept in the database');
  const different = new Set(secret).size;
  if (secret.length < SHORTEST_SECRET || different < FEWEST_DIFFERENT || KNOWN_SECRET.test(secret))
    return fail(setting, 'weak: use 32 random bytes, for example of `openssl rand -base64 32`, or leave it unset');
  return ok(setting, 'set');
}

function judgeDatabase({ databaseUrl }: Config): Judgement {
  return databaseUrl.startsWith('sqlite:')
    ? warn('DATABASE_URL', 'SQLite: one server only, and no row-level security; PostgreSQL has both')
    : ok('DATABASE_URL', 'PostgreSQL');
}

function judgeRedis({ redisUrl }: Config): Judgement {
  return redisUrl === null
    ? warn('REDIS_URL', 'not set: each server counts tries by itself, and forgets them when it restarts')
    : ok('REDIS_URL', 'set');
}

function judgeMail({ mail: { transport, from } }: Config): Judgement {
  if (transport.kind !== 'folder' && /@localhost>?$/.test(from))
    return warn('MAIL_FROM', 'not set: mail servers may refuse what comes from custard@localhost');
  return transport.kind === 'folder'
    ? warn('SMTP_URL', `no mail is sent: it is written into ${transport.folder}; set SMTP_URL or RESEND_API_KEY`)
    : ok(transport.kind === 'smtp' ? 'SMTP_URL' : 'RESEND_API_KEY', 'set');
}
