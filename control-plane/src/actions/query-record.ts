import type { Logger } from 'pino';
import { type CustardError, type ErrorCode, isCustardError } from '#core/errors.ts';
import type { AuditLog } from '../history/audit-log.ts';
import type { AcceptedQuery, FinishedQuery, QueryHistory } from '../history/query-history.ts';

interface Outcome {
  readonly rowCount: number;
  readonly bytes: number;
}

type End = Pick<FinishedQuery, 'status' | 'rowCount' | 'bytes' | 'errorCode'>;

/** Ends that are more than a failure. */
const STATUS_OF: Partial<Record<ErrorCode, FinishedQuery['status']>> = {
  QUERY_CANCELED: 'canceled',
  SERVER_RESTARTING: 'canceled',
  QUERY_TIMEOUT: 'timed_out',
  TIMEOUT: 'timed_out',
  AGENT_LOST: 'lost',
};

/** One query in history and audit: accepted before anything is sent, ended exactly once. */
export class QueryRecord {
  readonly #options: { readonly history: QueryHistory; readonly audit: AuditLog; readonly logger: Logger };
  readonly #begun = performance.now();
  #accepted: AcceptedQuery | null = null;
  #ended = false;

  constructor(options: { readonly history: QueryHistory; readonly audit: AuditLog; readonly logger: Logger }) {
    this.#options = options;
  }

  get elapsedMs(): number {
    return Math.round((performance.now() - this.#begun) * 10) / 10;
  }

  /** A query whose first statement failed keeps its row and gets the statement that took its place. */
  async accept(query: AcceptedQuery): Promise<void> {
    if (this.#accepted === null) await this.#options.history.accept(query);
    this.#accepted = query;
  }

  /** The guard's refusals are recorded too: they are what a security review asks for. */
  denied(query: AcceptedQuery, code: ErrorCode): void {
    this.#audit(query, 'statement.refused', { code });
  }

  succeeded({ rowCount, bytes }: Outcome): void {
    this.#end({ status: 'succeeded', rowCount, bytes, errorCode: null });
  }

  /** One statement of the query failed and another one is tried. */
  statementFailed(error: CustardError): void {
    if (this.#accepted !== null)
      this.#audit(this.#accepted, 'statement.executed', { status: 'failed', code: error.code });
  }

  failed(error: unknown): void {
    const errorCode = isCustardError(error) ? error.code : 'INTERNAL';
    this.#end({ status: STATUS_OF[errorCode] ?? 'failed', rowCount: null, bytes: null, errorCode });
  }

  /** Nobody listens any more. Does nothing after an end. */
  abandoned(): void {
    this.#end({ status: 'canceled', rowCount: null, bytes: null, errorCode: 'QUERY_CANCELED' });
  }

  #end(end: End): void {
    if (this.#ended || this.#accepted === null) return;
    this.#ended = true;
    const { id, statement } = this.#accepted;
    this.#options.history.finish({ id, statement, elapsedMs: this.elapsedMs, ...end });
    const { status, rowCount, bytes, errorCode } = end;
    this.#audit(this.#accepted, 'statement.executed', { status, rows: rowCount, bytes, code: errorCode });
  }

  #audit(query: AcceptedQuery, action: string, detail: Readonly<Record<string, string | number | null>>): void {
    const { organizationId, userId, id, connectionId, statement, maker, tokenId } = query;
    const event = { organizationId, actor: `user:${userId}`, action, subject: id };
    this.#options.audit
      .append({ ...event, detail: { ...detail, connection: connectionId, token: tokenId, statement, maker } })
      .catch((error: unknown) =>
        this.#options.logger.error({ error, queryId: id }, 'an audit row could not be written'),
      );
  }
}
