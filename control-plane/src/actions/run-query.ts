import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { type ConnectorDialect, DIALECTS_OF } from '#core/dialects.ts';
import { CustardError, type ErrorCode, isCustardError } from '#core/errors.ts';
import type { QueryRequest } from '#core/protocol/api.ts';
import type { QueryLimits } from '#core/protocol/messages.ts';
import type { Column } from '#core/values.ts';
import type { SqlWriter } from '../answering/sql-writer.ts';
import type { Connection, ConnectionRepository } from '../db/connection-repository.ts';
import type { Gateway, ResultStream } from '../gateway/gateway.ts';
import type { AuditLog } from '../history/audit-log.ts';
import { asConversation } from '../history/conversation.ts';
import type { AcceptedQuery, QueryHistory } from '../history/query-history.ts';
import type { Principal } from '../identity/principal.ts';
import type { SchemaStore } from '../schemas/schema-store.ts';
import { answerSentence } from './answer-sentence.ts';
import { earlierQuestions } from './earlier-questions.ts';
import { feedback } from './feedback.ts';
import type { StatementGuard } from './guard-statement.ts';
import { namingTheAgent } from './offline-agent.ts';
import { type Planned, planStatement } from './plan-statement.ts';
import type { QueryPart } from './query-part.ts';
import { QueryRecord } from './query-record.ts';
import { QuestionWriter } from './question-writer.ts';
import { RowSample } from './row-sample.ts';
import { StepClock } from './step-clock.ts';
import { type CheckedStatement, checkStatement, isLastDraft, type StatementChecker } from './write-statement.ts';

export interface QueryServices {
  readonly connections: ConnectionRepository;
  readonly schemas: SchemaStore;
  readonly guard: StatementGuard;
  readonly gateway: Gateway;
  readonly history: QueryHistory;
  readonly audit: AuditLog;
  readonly logger: Logger;
  /** Loads the writer when first asked for. */
  readonly writer: () => Promise<SqlWriter>;
}

export interface Asked {
  readonly request: QueryRequest;
  readonly principal: Principal;
  readonly requestId: string;
  readonly limits: Omit<QueryLimits, 'timeoutMs'>;
  /** On the clock of performance.now(). */
  readonly deadline: number;
  /** Aborted with the CustardError that says why. */
  readonly signal: AbortSignal;
}

/** What another draft may put right. */
const REPAIRABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  ...(['RELATION_NOT_FOUND', 'COLUMN_NOT_FOUND', 'QUERY_FAILED', 'PERMISSION_DENIED', 'STATEMENT_INVALID'] as const),
  ...([
    'NOT_READ_ONLY',
    'MULTIPLE_STATEMENTS',
    'FUNCTION_NOT_ALLOWED',
    'CONSTRUCT_NOT_ALLOWED',
    'POLICY_DENIED',
  ] as const),
]);

/** The database may have changed since its schema was read. */
const SCHEMA_DOUBTED: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['RELATION_NOT_FOUND', 'COLUMN_NOT_FOUND']);

/**
 * The way of one question or statement, from the connection's name to the last row. Ends with `done`
 * or throws; leaving the loop early cancels the statement in the database.
 */
export async function* runQuery(services: QueryServices, asked: Asked): AsyncGenerator<QueryPart> {
  const connection = await findConnection(services, asked);
  const earlier = await earlierQuestions(services.history, asked, connection);
  const query = new RunningQuery(services, asked, {
    ...{ connection, earlier, dialect: await dialectOf(services, connection) },
  });
  try {
    yield* query.run();
  } catch (error) {
    // What an abort breaks on its way throws all sorts of things; the reason is what happened.
    const cause: unknown = asked.signal.aborted ? asked.signal.reason : namingTheAgent(error, connection);
    query.record.failed(cause);
    throw cause;
  } finally {
    query.record.abandoned();
  }
}

async function findConnection({ connections }: QueryServices, { request, principal }: Asked): Promise<Connection> {
  const connection = await connections.get(principal.organizationId, request.connection_id);
  if (request.agent_id === undefined || request.agent_id === connection.agentId) return connection;
  throw new CustardError('NOT_FOUND', `The connection "${connection.name}" has no agent "${request.agent_id}".`, {
    hint: 'Leave agent_id out: the connection knows its agent.',
  });
}

/** What the connection's database speaks: as its agent says, or said when its schema was stored. */
async function dialectOf({ gateway, schemas }: QueryServices, connection: Connection): Promise<ConnectorDialect> {
  const [first, ...others] = DIALECTS_OF[connection.dbType];
  if (others.length === 0) return first;
  return gateway.session(connection.id)?.dialect ?? (await schemas.stored(connection))?.schema.dialect ?? first;
}

interface StartedResult {
  readonly result: ResultStream;
  readonly chunks: AsyncIterator<Buffer>;
  readonly first: IteratorResult<Buffer>;
}

interface RunContext {
  readonly connection: Connection;
  /** The questions this one goes on from, oldest first. */
  readonly earlier: readonly string[];
  readonly dialect: ConnectorDialect;
}

class RunningQuery {
  readonly record: QueryRecord;
  readonly #services: QueryServices;
  readonly #asked: Asked;
  readonly #connection: Connection;
  readonly #earlier: readonly string[];
  readonly #id = randomUUID();
  readonly #steps = new StepClock();
  readonly #masked: Column[] = [];
  readonly #checker: StatementChecker;
  /** Null for a statement of the asker's own. */
  readonly #writer: QuestionWriter | null;

  constructor(services: QueryServices, asked: Asked, { connection, earlier, dialect }: RunContext) {
    this.#services = services;
    this.#asked = asked;
    this.#connection = connection;
    this.#earlier = earlier;
    this.record = new QueryRecord(services);
    const { question, today = serverDay() } = asked.request;
    this.#checker = {
      ...{ guard: services.guard, dialect },
      onDenied: (draft, error) => this.record.denied(this.#recorded(draft), error.code),
    };
    const { schemas, gateway, writer } = services;
    const shared = { connection, schemas, gateway, writer, checker: this.#checker, steps: this.#steps };
    this.#writer =
      question === undefined ? null : new QuestionWriter({ ...shared, question, earlier, today, signal: asked.signal });
  }

  async *run(): AsyncGenerator<QueryPart> {
    const { request, requestId } = this.#asked;
    const { name } = this.#connection;
    yield { type: 'start', schema: 'custard.event/1', id: this.#id, connection: name, request_id: requestId };
    for (;;) {
      const statement = yield* this.#statement();
      const { sql, maker, model, tables, assumptions, reading } = statement;
      const lists = { tables: [...tables], assumptions: [...assumptions], reading: [...reading] };
      yield { type: 'sql', sql, maker, model, ...lists };
      if (request.dry_run === true) {
        const planned = await this.#plan(statement);
        if (planned !== null) return yield this.#planned(planned);
        continue;
      }
      yield this.#steps.start('run');
      const started = await this.#start(statement);
      if (started !== null) return yield* this.#relay(started);
    }
  }

  /** The next statement to try, checked. */
  async *#statement(): AsyncGenerator<QueryPart, CheckedStatement> {
    if (this.#writer !== null) return yield* this.#writer.next();
    yield this.#steps.start('guard');
    const statement = await checkStatement(this.#asked.request.sql ?? '', this.#checker);
    yield this.#steps.end('guard');
    return statement;
  }

  /** Up to the first rows; null when the statement failed and the writer may try another one. */
  async #start(statement: CheckedStatement): Promise<StartedResult | null> {
    const { signal, limits, deadline } = this.#asked;
    await this.record.accept(this.#recorded(statement));
    const timeoutMs = Math.max(1, Math.ceil(deadline - performance.now()));
    try {
      const result = await this.#services.gateway.run({
        ...{ connectionId: this.#connection.id, statement: statement.sql, limits: { ...limits, timeoutMs }, signal },
      });
      const chunks = result.chunks[Symbol.asyncIterator]();
      return { result, chunks, first: await chunks.next() };
    } catch (error) {
      if (this.#writer === null && isCustardError(error) && SCHEMA_DOUBTED.has(error.code)) {
        await this.#services.schemas.doubt(this.#connection);
      }
      if (signal.aborted || !this.#tryAnother(statement, error)) throw withSql(error, statement);
      return null;
    }
  }

  /** What the engine expects of the statement; null when it cannot be planned and the writer may try another one. */
  async #plan(statement: CheckedStatement): Promise<Planned | null> {
    const { signal, deadline } = this.#asked;
    const timeoutMs = Math.max(1, Math.ceil(deadline - performance.now()));
    try {
      return await planStatement(this.#services.gateway, {
        ...{ connection: this.#connection, statement: statement.sql, timeoutMs, signal },
      });
    } catch (error) {
      if (signal.aborted || !this.#tryAnother(statement, error)) throw withSql(error, statement);
      return null;
    }
  }

  #planned({ explanation, warnings }: Planned): QueryPart {
    const nothing = { row_count: 0, bytes: 0, crc32: 0, truncated: false };
    return { type: 'done', ...nothing, warnings: [...warnings], elapsed_ms: this.record.elapsedMs, explanation };
  }

  /** Whether the statement's failure is something for the writer to put right; if so, it is told. */
  #tryAnother({ sql }: CheckedStatement, error: unknown): boolean {
    const writer = this.#writer;
    if (writer === null || !isCustardError(error) || !REPAIRABLE.has(error.code)) return false;
    if (isLastDraft(sql, writer.rejected)) return false;
    this.record.statementFailed(error);
    writer.reject({ sql, reason: feedback(error) }, { schemaDoubted: SCHEMA_DOUBTED.has(error.code) });
    return true;
  }

  async *#relay({ result, chunks, first }: StartedResult): AsyncGenerator<QueryPart> {
    const sample = new RowSample();
    try {
      this.#masked.push(...result.columns.filter(({ masked }) => masked !== undefined));
      yield { type: 'columns', columns: [...result.columns] };
      for (let next = first; next.done !== true; next = await chunks.next()) {
        if (this.#writer !== null) sample.add(next.value);
        yield { type: 'rows', bytes: next.value };
      }
    } finally {
      await chunks.return?.();
    }
    const end = result.end();
    yield this.#steps.end('run');
    if (this.#writer !== null) {
      const { columns } = result;
      const { rows: rowCount, truncated } = end;
      yield { type: 'answer', text: answerSentence({ columns, sample: sample.rows(), rowCount, truncated }) };
    }
    this.record.succeeded({ rowCount: end.rows, bytes: end.bytes });
    yield this.#done(end);
  }

  #done(end: Pick<ReturnType<ResultStream['end']>, 'rows' | 'bytes' | 'crc32' | 'truncated'>): QueryPart {
    const { rows: row_count, bytes, crc32, truncated } = end;
    const warnings = [
      ...(truncated ? [`The result was cut after ${row_count} rows; there are more.`] : []),
      ...(this.#masked.length === 0
        ? []
        : [`Masked by the agent's policy: ${this.#masked.map(maskedName).join(', ')}.`]),
    ];
    return { type: 'done', row_count, bytes, crc32, truncated, warnings, elapsed_ms: this.record.elapsedMs };
  }

  #recorded({ sql, maker, model }: Pick<CheckedStatement, 'sql' | 'maker' | 'model'>): AcceptedQuery {
    const { principal, request } = this.#asked;
    const question = request.question === undefined ? null : asConversation([...this.#earlier, request.question]);
    const asked = { ...principal, id: this.#id, connectionId: this.#connection.id, question };
    return { ...asked, statement: sql, maker, model };
  }
}

const maskedName = ({ name, masked }: Column): string => `${name} (${masked})`;

/** The statement was written by a machine: whoever reads the error has to see it. */
function withSql(error: unknown, { sql, maker }: CheckedStatement): unknown {
  if (maker === 'user' || !isCustardError(error)) return error;
  const { code, message, hint, cause, details } = error;
  return new CustardError(code, message, {
    ...{ cause, details: { ...details, sql } },
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The server's day, in its own time zone; a client that knows better sends its own. */
function serverDay(): string {
  const now = new Date();
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
