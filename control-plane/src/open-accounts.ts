import type { Logger } from 'pino';
import { AccessWatch } from './accounts/access-watch.ts';
import type { AccountServices } from './accounts/account-services.ts';
import { PageSessions } from './accounts/page-sessions.ts';
import { SecurityLog } from './accounts/security-log.ts';
import { Sessions } from './accounts/sessions.ts';
import type { Database } from './db/database.ts';
import { DeviceGrantRepository } from './db/device-grant-repository.ts';
import { InvitationRepository } from './db/invitation-repository.ts';
import { LinkTokenRepository } from './db/link-token-repository.ts';
import { MailRepository } from './db/mail-repository.ts';
import { MemberRepository } from './db/member-repository.ts';
import { OrganizationRepository } from './db/organization-repository.ts';
import { SessionRepository } from './db/session-repository.ts';
import { SignupRepository } from './db/signup-repository.ts';
import { sweep } from './db/sweep.ts';
import { TokenRepository } from './db/token-repository.ts';
import { UserRepository } from './db/user-repository.ts';
import type { Config } from './env.ts';
import type { AccessTokens } from './identity/access-token.ts';
import { PasswordHasher } from './identity/password-hasher.ts';
import { PasswordRules } from './identity/password-rules.ts';
import { composeMail } from './mail/compose-mail.ts';
import { loadTemplates } from './mail/load-templates.ts';
import { MailQueue } from './mail/mail-queue.ts';
import { openTransport } from './mail/open-transport.ts';
import type { Services } from './services.ts';
import { memoryStore } from './throttle/memory-store.ts';
import { redisStore } from './throttle/redis-store.ts';
import { Throttle } from './throttle/throttle.ts';

interface AccountOptions {
  readonly database: Database;
  readonly config: Config;
  readonly logger: Logger;
  readonly accessTokens: AccessTokens;
  readonly services: Services;
  readonly publicUrl: () => string;
}

export interface Accounts {
  readonly services: AccountServices;
  /** Sends mail and looks after what is open, from now on. */
  start(): void;
  close(): Promise<void>;
}

const SWEEP_EVERY_MS = 60 * 60 * 1000;

/** What a server has that people log in to, and one inside a command does not need. */
export async function openAccounts(options: AccountOptions): Promise<Accounts> {
  const { database, config, logger, accessTokens, publicUrl, services: running } = options;
  const { authenticator, live, agentKeys } = running;
  const { audit, gateway } = running.services;
  const log = new SecurityLog({ audit, authenticator, live, logger });
  const records = repositories(database);
  const { users, organizations, mails, sessionRecords } = records;
  const templates = await loadTemplates(config.mail.templates);
  const mailQueue = new MailQueue({
    ...{ mails, logger, transport: await openTransport(config.mail, logger) },
    compose: (mail) => composeMail({ ...records, templates, publicUrl }, mail),
  });
  const throttle = new Throttle(config.redisUrl === null ? memoryStore() : await redisStore(config.redisUrl, logger));
  const hasher = new PasswordHasher();
  const watch = new AccessWatch({ authenticator, live, agentKeys, gateway, logger });
  const sessionParts = { database, sessions: sessionRecords, users, organizations, accessTokens, log };
  const sessions = new Sessions(sessionParts);
  const pageSessions = new PageSessions(sessionParts);
  const failed = (what: string) => (error: unknown) => logger.error({ error }, what);
  const sweeping = setInterval(() => {
    sweep(database).catch(failed('what is over could not be taken away'));
  }, SWEEP_EVERY_MS).unref();
  return {
    services: {
      ...records,
      ...{
        database,
        sessions,
        pageSessions,
        mailQueue,
        hasher,
        passwordRules: new PasswordRules(),
        throttle,
        log,
        publicUrl,
      },
      signup: config.signup,
    },
    start() {
      hasher.warm().catch(failed('passwords cannot be hashed'));
      mailQueue.start();
      watch.start();
    },
    async close() {
      clearInterval(sweeping);
      await watch.stop();
      await mailQueue.stop();
      await throttle.close();
    },
  };
}

function repositories(database: Database) {
  return {
    users: new UserRepository(database),
    signups: new SignupRepository(database),
    organizations: new OrganizationRepository(database),
    members: new MemberRepository(database),
    invitations: new InvitationRepository(database),
    links: new LinkTokenRepository(database),
    devices: new DeviceGrantRepository(database),
    tokens: new TokenRepository(database),
    sessionRecords: new SessionRepository(database),
    mails: new MailRepository(database),
  };
}
