import type { Logger } from 'pino';
import type { CustardError } from '#core/errors.ts';
import type { AuditEvent, AuditLog } from '../history/audit-log.ts';
import type { Authenticator } from '../identity/authenticator.ts';
import type { LiveAccess } from '../identity/live-access.ts';
import type { Principal } from '../identity/principal.ts';

/** Whose access ended; what is given has to fit. */
interface EndedAccess {
  readonly userId?: string;
  readonly organizationId?: string;
  /** Of a session or a token. */
  readonly sessionId?: string;
  readonly kind?: Principal['kind'];
  /** This one goes on. */
  readonly exceptSessionId?: string;
}

/** What happened to accounts: into the organization's audit log, and to what is open on their behalf. */
export class SecurityLog {
  readonly #audit: AuditLog;
  readonly #authenticator: Authenticator;
  readonly #live: LiveAccess;
  readonly #logger: Logger;

  constructor(deps: {
    readonly audit: AuditLog;
    readonly authenticator: Authenticator;
    readonly live: LiveAccess;
    readonly logger: Logger;
  }) {
    this.#audit = deps.audit;
    this.#authenticator = deps.authenticator;
    this.#live = deps.live;
    this.#logger = deps.logger;
  }

  /** Resolves once it is written. */
  record(event: AuditEvent): Promise<void> {
    return this.#audit.append(event);
  }

  /** For events whose answer must not take longer than that of others: written a moment later. */
  recordLater(event: AuditEvent): void {
    this.#audit.append(event).catch((error: unknown) => {
      this.#logger.error({ error, action: event.action }, 'an audit row could not be written');
    });
  }

  /** Closes sockets and streams, and forgets what was remembered of tokens, on this replica; others notice in seconds. */
  ended(access: EndedAccess, reason: CustardError): void {
    const { userId, organizationId, sessionId, kind, exceptSessionId } = access;
    this.#authenticator.forget();
    this.#live.endWhere(
      (principal) =>
        (userId === undefined || principal.userId === userId) &&
        (organizationId === undefined || principal.organizationId === organizationId) &&
        (sessionId === undefined || principal.tokenId === sessionId) &&
        (kind === undefined || principal.kind === kind) &&
        principal.tokenId !== exceptSessionId,
      reason,
    );
  }
}
