import type { Database } from '../db/database.ts';
import type { DeviceGrantRepository } from '../db/device-grant-repository.ts';
import type { InvitationRepository } from '../db/invitation-repository.ts';
import type { LinkTokenRepository } from '../db/link-token-repository.ts';
import type { MailRepository } from '../db/mail-repository.ts';
import type { MemberRepository } from '../db/member-repository.ts';
import type { OrganizationRepository } from '../db/organization-repository.ts';
import type { SessionRepository } from '../db/session-repository.ts';
import type { SignupRepository } from '../db/signup-repository.ts';
import type { TokenRepository } from '../db/token-repository.ts';
import type { UserRepository } from '../db/user-repository.ts';
import type { PasswordHasher } from '../identity/password-hasher.ts';
import type { PasswordRules } from '../identity/password-rules.ts';
import type { MailQueue } from '../mail/mail-queue.ts';
import type { Throttle } from '../throttle/throttle.ts';
import type { PageSessions } from './page-sessions.ts';
import type { SecurityLog } from './security-log.ts';
import type { Sessions } from './sessions.ts';

/** What the actions on accounts are made with, whether an API route or a page calls them. */
export interface AccountServices {
  readonly database: Database;
  readonly users: UserRepository;
  readonly signups: SignupRepository;
  readonly organizations: OrganizationRepository;
  readonly members: MemberRepository;
  readonly invitations: InvitationRepository;
  readonly links: LinkTokenRepository;
  readonly devices: DeviceGrantRepository;
  readonly tokens: TokenRepository;
  readonly sessionRecords: SessionRepository;
  readonly sessions: Sessions;
  readonly pageSessions: PageSessions;
  readonly mails: MailRepository;
  readonly mailQueue: Pick<MailQueue, 'wake'>;
  readonly hasher: PasswordHasher;
  readonly passwordRules: PasswordRules;
  readonly throttle: Throttle;
  readonly log: SecurityLog;
  /** Where people reach the pages, without a slash at its end. */
  readonly publicUrl: () => string;
  readonly signup: 'open' | 'invited';
}

/** Who calls: behind whatever proxies are trusted. */
export interface Caller {
  readonly address: string;
  /** What counts as one address for the limits. */
  readonly network: string;
}
