import { isCustardError } from '#core/errors.ts';
import { type Explanation, NO_PLAN } from '#core/explanation.ts';
import type { Posture } from '#core/posture.ts';
import type {
  Connector,
  DescribeOptions,
  ExplainOptions,
  FindOptions,
  RelationsOptions,
  RowSink,
  RunEnd,
  RunOptions,
  SchemaPage,
} from '../connector.ts';
import { hasPlan } from '../plan-statement.ts';
import { Pool } from '../pool.ts';
import type { MysqlSettings } from '../settings.ts';
import type { Transport } from '../transport.ts';
import { connect } from './connect.ts';
import { describeDatabase } from './describe.ts';
import { explainStatement } from './explain.ts';
import { findValues } from './find-values.ts';
import { assessAccount } from './posture/posture.ts';
import { findRelations } from './relations.ts';
import type { Session } from './session.ts';
import { StatementRun } from './statement-run.ts';
import { queryText } from './text-query.ts';

const SESSIONS = 10;
const IDLE_MS = 5 * 60_000;
const LIFETIME_MS = 30 * 60_000;
const WAIT_MS = 10_000;
const PING_TIMEOUT_MS = 10_000;
const RELATIONS_TIMEOUT_MS = 2_000;
/** What a server or firewall answers to a write on a connection that it has forgotten comes within a round trip. */
const STALE_WITHIN_MS = 500;

export async function openMysql(settings: MysqlSettings): Promise<Connector> {
  return new MysqlConnector(settings);
}

class MysqlConnector implements Connector {
  readonly #database: string | null;
  readonly #pool: Pool<Session>;
  #dialect: Connector['dialect'] & MysqlSettings['dialect'];

  constructor(settings: MysqlSettings) {
    this.#dialect = settings.dialect;
    this.#database = settings.database;
    this.#pool = new Pool({
      open: (signal) => this.#open(settings, signal),
      max: settings.sessions ?? SESSIONS,
      idleMs: IDLE_MS,
      lifetimeMs: LIFETIME_MS,
      waitMs: WAIT_MS,
    });
  }

  /** Which of the two the server is: what the URL calls it until there was a connection. */
  get dialect(): MysqlSettings['dialect'] {
    return this.#dialect;
  }

  async ping({ signal }: { readonly signal: AbortSignal }): Promise<{ readonly version: string }> {
    return await this.#withSession(signal, async (session) => {
      await queryText(session, { statement: 'SELECT 1', timeoutMs: PING_TIMEOUT_MS, signal });
      return { version: session.server.version };
    });
  }

  async describe(options: DescribeOptions, onPage: (page: SchemaPage) => void): Promise<void> {
    const database = this.#database;
    await this.#withSession(options.signal, (session) => describeDatabase(session, { ...options, database }, onPage));
  }

  async run(options: RunOptions, sink: RowSink): Promise<RunEnd> {
    return await this.#withSession(options.signal, (session) => new StatementRun(session, { options, sink }).run());
  }

  async findValues(options: FindOptions): ReturnType<Connector['findValues']> {
    return await this.#withSession(options.signal, (session) =>
      findValues(session, { ...options, database: this.#database }),
    );
  }

  async relations({ tables, signal }: RelationsOptions): ReturnType<Connector['relations']> {
    return await this.#withSession(signal, (session) =>
      findRelations(tables, {
        dialect: this.#dialect,
        database: this.#database,
        query: (statement) => queryText(session, { statement, timeoutMs: RELATIONS_TIMEOUT_MS, signal }),
      }),
    );
  }

  async posture({ signal }: { readonly signal: AbortSignal }): Promise<Posture> {
    return await this.#withSession(signal, (session) => assessAccount(session, { database: this.#database, signal }));
  }

  async explain(options: ExplainOptions): Promise<Explanation> {
    if (!hasPlan(options.statement)) return NO_PLAN;
    return await this.#withSession(options.signal, (session) => explainStatement(session, options));
  }

  async transport({ signal }: { readonly signal: AbortSignal }): Promise<Transport> {
    return await this.#withSession(signal, async (session) => session.transport);
  }

  async close(): Promise<void> {
    this.#pool.close();
  }

  async #open(settings: MysqlSettings, signal: AbortSignal): Promise<Session> {
    const session = await connect(settings, signal);
    this.#dialect = session.server.isMariadb ? 'mariadb' : 'mysql';
    return session;
  }

  /**
   * A session that was open before may have been ended meanwhile (a restart, wait_timeout, a firewall) without our having
   * seen it: when it is lost at once, before anything was answered, the next one is tried.
   */
  async #withSession<T>(signal: AbortSignal, use: (session: Session) => Promise<T>): Promise<T> {
    for (;;) {
      const { resource: session, reused } = await this.#pool.acquire(signal);
      const since = performance.now();
      try {
        return await use(session);
      } catch (error) {
        const atOnce = performance.now() - since < STALE_WITHIN_MS;
        const stale = reused && atOnce && !session.usable && !session.answered;
        if (!stale || !isCustardError(error) || error.code !== 'DATABASE_UNREACHABLE') throw error;
      } finally {
        this.#pool.release(session);
      }
    }
  }
}
