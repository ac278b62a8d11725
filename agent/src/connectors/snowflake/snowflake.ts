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
import { Interruption } from '../interruption.ts';
import { hasPlan } from '../plan-statement.ts';
import { Pool } from '../pool.ts';
import { timedOut } from '../run-errors.ts';
import type { SnowflakeSettings } from '../settings.ts';
import type { Transport } from '../transport.ts';
import { describeDatabase, type Server } from './describe.ts';
import { explainStatement } from './explain.ts';
import { FIND_BUDGET_MS, findValues } from './find-values.ts';
import { assessRole } from './posture/posture.ts';
import { findRelations } from './relations.ts';
import { loadSdk } from './sdk.ts';
import { Session } from './session.ts';
import { runStatement } from './statement-run.ts';
import { queryText, type TextRow } from './text-query.ts';

const SESSIONS = 10;
const IDLE_MS = 5 * 60_000;
const LIFETIME_MS = 30 * 60_000;
const WAIT_MS = 10_000;
/** A suspended warehouse takes seconds to resume. */
const PING_TIMEOUT_MS = 15_000;
const DESCRIBE_TIMEOUT_MS = 60_000;
const RELATIONS_TIMEOUT_MS = 10_000;
const POSTURE_TIMEOUT_MS = 10_000;

type WithSignal = { readonly signal: AbortSignal };
type Query = (statement: string, binds?: readonly string[]) => Promise<TextRow[]>;

export async function openSnowflake(settings: SnowflakeSettings): Promise<Connector> {
  loadSdk();
  return new SnowflakeConnector(settings);
}

class SnowflakeConnector implements Connector {
  readonly dialect = 'snowflake';
  readonly #pool: Pool<Session>;

  constructor(settings: SnowflakeSettings) {
    this.#pool = new Pool({
      open: (signal) => Session.open(settings, signal),
      max: settings.sessions ?? SESSIONS,
      idleMs: IDLE_MS,
      lifetimeMs: LIFETIME_MS,
      waitMs: WAIT_MS,
    });
  }

  async ping({ signal }: WithSignal): Promise<{ readonly version: string }> {
    const { version } = await this.#within({ timeoutMs: PING_TIMEOUT_MS, signal }, readServer);
    return { version };
  }

  async describe({ schemas = null, signal }: DescribeOptions, onPage: (page: SchemaPage) => void): Promise<void> {
    await this.#within({ timeoutMs: DESCRIBE_TIMEOUT_MS, signal }, async (query) =>
      describeDatabase(await readServer(query), { query, schemas, onPage }),
    );
  }

  async run(options: RunOptions, sink: RowSink): Promise<RunEnd> {
    return await this.#withSession(options.signal, (session) => runStatement(session, options, sink));
  }

  async findValues(options: FindOptions): ReturnType<Connector['findValues']> {
    const { signal } = options;
    return await this.#within({ timeoutMs: FIND_BUDGET_MS, signal }, (query) => findValues(options, query));
  }

  async relations({ tables, signal }: RelationsOptions): ReturnType<Connector['relations']> {
    if (tables.length === 0) return [];
    return await this.#within({ timeoutMs: RELATIONS_TIMEOUT_MS, signal }, async (query) =>
      findRelations(await readServer(query), tables, query),
    );
  }

  async posture({ signal }: WithSignal): Promise<Posture> {
    return await this.#within({ timeoutMs: POSTURE_TIMEOUT_MS, signal }, async (query) =>
      assessRole(await readServer(query), query),
    );
  }

  async explain(options: ExplainOptions): Promise<Explanation> {
    if (!hasPlan(options.statement)) return NO_PLAN;
    using interruption = new Interruption(options);
    const { signal } = interruption;
    try {
      return await this.#withSession(signal, (session) => explainStatement(session, { ...options, signal }));
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    }
  }

  /** Its SDK speaks HTTPS only, and looks at the certificate; which protocol it was, it does not tell. */
  async transport(): Promise<Transport> {
    return { isLocal: false, encryption: 'verified', protocol: null, cipher: null };
  }

  async close(): Promise<void> {
    this.#pool.close();
  }

  /** Queries of ours, all of them together within a time. */
  async #within<T>(
    { timeoutMs, signal }: WithSignal & { readonly timeoutMs: number },
    use: (query: Query) => Promise<T>,
  ): Promise<T> {
    return await this.#withSession(signal, async (session) => {
      const timeout = AbortSignal.timeout(timeoutMs);
      const either = AbortSignal.any([signal, timeout]);
      return await use(async (statement, binds) => {
        const bound = binds === undefined || binds.length === 0 ? {} : { binds };
        try {
          return await queryText(session, { statement, ...bound, timeoutMs, signal: either });
        } catch (error) {
          throw timeout.aborted && !signal.aborted ? timedOut(timeoutMs, error) : error;
        }
      });
    });
  }

  /** One that was open before may have ended meanwhile; when nothing was answered on it, the next one is tried. */
  async #withSession<T>(signal: AbortSignal, use: (session: Session) => Promise<T>): Promise<T> {
    for (;;) {
      const { resource: session, reused } = await this.#pool.acquire(signal);
      session.begin();
      try {
        return await use(session);
      } catch (error) {
        const isStale = reused && !session.usable && !session.answered;
        if (!isStale || !isCustardError(error) || error.code !== 'DATABASE_UNREACHABLE') throw error;
      } finally {
        this.#pool.release(session);
      }
    }
  }
}

const SERVER = 'SELECT CURRENT_VERSION() AS VERSION, CURRENT_DATABASE() AS DATABASE, CURRENT_SCHEMA() AS SCHEMA';

async function readServer(query: Query): Promise<Server> {
  const [row] = await query(SERVER);
  return {
    version: row?.textOrNull('version') ?? '',
    database: row?.textOrNull('database') ?? '',
    schema: row?.textOrNull('schema') ?? null,
  };
}
