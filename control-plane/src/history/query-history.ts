import type { Logger } from 'pino';
import type { ErrorCode } from '#core/errors.ts';
import { bulkInsert, bulkUpdate } from '../db/bulk-statement.ts';
import type { Database } from '../db/database.ts';
import { GroupCommit } from '../db/group-commit.ts';
import type { ValueRow } from '../db/prepared-connection.ts';

/** `accepted` is followed by exactly one of the others. */
type QueryStatus = 'accepted' | 'succeeded' | 'failed' | 'canceled' | 'timed_out' | 'lost';

export interface AcceptedQuery {
  readonly id: string;
  readonly organizationId: string;
  readonly connectionId: string;
  readonly userId: string;
  readonly tokenId: string;
  readonly question: string | null;
  readonly statement: string;
  readonly maker: string;
  readonly model: string | null;
}

export interface FinishedQuery {
  readonly id: string;
  readonly status: Exclude<QueryStatus, 'accepted'>;
  /** The one that was run last, when the first one did not work out. */
  readonly statement: string;
  readonly rowCount: number | null;
  readonly bytes: number | null;
  readonly elapsedMs: number;
  readonly errorCode: ErrorCode | null;
}

interface QuestionKey {
  readonly id: string;
  readonly organizationId: string;
  readonly userId: string;
}

export interface AskedQuestion {
  readonly connectionId: string;
  readonly question: string;
}

const ACCEPT = bulkInsert('queries', {
  ...{ id: 'text', organization_id: 'text', connection_id: 'text', user_id: 'text', token_id: 'text', replica: 'text' },
  ...{ question: 'text', statement: 'text', maker: 'text', model: 'text', status: 'text', created_at: 'text' },
});
const FINISH = bulkUpdate(
  'queries',
  {
    ...{ id: 'text', status: 'text', statement: 'text', row_count: 'integer', bytes: 'bigint' },
    ...{ elapsed_ms: 'double precision', error_code: 'text', finished_at: 'text' },
  },
  'id',
  `status = 'accepted'`,
);

/** An end that cannot be written is tried again: until it is, the query counts as under way. */
const RETRY_AFTER_MS = [1_000, 10_000, 60_000];

/** Questions and statements with their figures; never rows. */
export class QueryHistory {
  readonly #database: Database;
  readonly #replica: string;
  readonly #logger: Logger;
  readonly #accepts: GroupCommit<ValueRow>;
  readonly #finishes: GroupCommit<ValueRow>;

  constructor({ database, replica, logger }: { database: Database; replica: string; logger: Logger }) {
    this.#database = database;
    this.#replica = replica;
    this.#logger = logger;
    const write = (statement: typeof ACCEPT) => (rows: readonly ValueRow[]) => database.bulk(statement, rows);
    this.#accepts = new GroupCommit({ write: write(ACCEPT), delayMs: 0, maxPending: 10_000 });
    this.#finishes = new GroupCommit({ write: write(FINISH), delayMs: 20, maxPending: 100_000 });
  }

  /** Resolves once it is stored: nothing is sent to a database that no record would tell of. */
  accept(query: AcceptedQuery): Promise<void> {
    return this.#accepts.submit({
      id: query.id,
      organization_id: query.organizationId,
      connection_id: query.connectionId,
      user_id: query.userId,
      token_id: query.tokenId,
      replica: this.#replica,
      question: query.question,
      statement: query.statement,
      maker: query.maker,
      model: query.model,
      status: 'accepted',
      created_at: new Date().toISOString(),
    });
  }

  /** What was asked under this id; null for a statement of the asker's own, and for what is somebody else's. */
  async question({ id, organizationId, userId }: QuestionKey): Promise<AskedQuestion | null> {
    const own = { id, organization_id: organizationId, user_id: userId };
    const row = await this.#database
      .knex('queries')
      .where(own)
      .whereNotNull('question')
      .first('question', 'connection_id');
    return row === undefined ? null : { connectionId: String(row.connection_id), question: String(row.question) };
  }

  /** Written some milliseconds later, with others; what a crash keeps from being written counts as lost. */
  finish(query: FinishedQuery): void {
    const row: ValueRow = {
      id: query.id,
      status: query.status,
      statement: query.statement,
      row_count: query.rowCount,
      bytes: query.bytes,
      elapsed_ms: query.elapsedMs,
      error_code: query.errorCode,
      finished_at: new Date().toISOString(),
    };
    this.#finish(row, RETRY_AFTER_MS);
  }

  #finish(row: ValueRow, [retryAfterMs, ...later]: readonly number[]): void {
    this.#finishes.submit(row).catch((error: unknown) => {
      if (retryAfterMs === undefined) {
        this.#logger.error({ error, queryId: row['id'] }, 'the end of a query could not be recorded');
      } else {
        setTimeout(() => this.#finish(row, later), retryAfterMs).unref();
      }
    });
  }

  async drain(): Promise<void> {
    await this.#accepts.drain();
    await this.#finishes.drain();
  }
}
