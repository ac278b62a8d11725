import { z } from 'zod';
import { DbType } from '../dialects.ts';
import { Explanation } from '../explanation.ts';
import { PolicySummary } from '../policy/summary.ts';
import { DatabaseSchema } from '../schema.ts';
import { Column, type Row } from '../values.ts';
import { MAX_QUESTION_CHARACTERS, MAX_TIMEOUT_MS } from './limits.ts';
import { WireError } from './messages.ts';

/**
 * The HTTP interface, /api/v1, as both the control plane and the CLI parse it. Names are
 * snake_case on this wire. Errors are `{"error": WireError & {request_id, retryable}}`.
 */

export const CONNECTION_STATUSES = ['PENDING', 'CONNECTED', 'DISCONNECTED', 'ERROR'] as const;

export const CreateConnection = z.strictObject({
  name: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
      'letters, digits, ".", "_" and "-", at most 63, starting with a letter or digit',
    ),
  db_type: DbType,
});
export type CreateConnection = z.infer<typeof CreateConnection>;

export const ConnectionView = z.object({
  id: z.string(),
  name: z.string(),
  db_type: DbType,
  status: z.enum(CONNECTION_STATUSES),
  /** When it became so, where that is known. */
  status_since: z.string().nullable().default(null),
  agent_id: z.string(),
  created_at: z.string(),
  last_seen_at: z.string().nullable(),
  last_error: z.string().nullable(),
  /** What the agent says of its policy file; null without one, and while no agent is linked. */
  policy: PolicySummary.nullable(),
  schema: z.object({
    state: z.enum(['NONE', 'LOADING', 'READY', 'FAILED']),
    table_count: z.int().nullable(),
    fingerprint: z.string().nullable(),
    refreshed_at: z.string().nullable(),
  }),
});
export type ConnectionView = z.infer<typeof ConnectionView>;

/** POST /connections only: the agent's key is shown this once. */
export const CreatedConnection = ConnectionView.extend({ api_key: z.string() });
export type CreatedConnection = z.infer<typeof CreatedConnection>;

export const ConnectionList = z.object({ connections: z.array(ConnectionView) });

/** GET /connections/{id}/schema. */
export const SchemaView = z.object({
  connection_id: z.string(),
  fingerprint: z.string(),
  refreshed_at: z.string(),
  schema: DatabaseSchema,
});
export type SchemaView = z.infer<typeof SchemaView>;

/** What is different between two readings of a schema; of each kind the first hundred are named. */
export const SchemaChanges = z.object({
  added: z.object({ count: z.int(), tables: z.array(z.string()) }),
  removed: z.object({ count: z.int(), tables: z.array(z.string()) }),
  changed: z.object({
    count: z.int(),
    /** `changes`: one phrase each, for people. */
    tables: z.array(z.object({ table: z.string(), changes: z.array(z.string()) })),
  }),
});
export type SchemaChanges = z.infer<typeof SchemaChanges>;

/** POST /connections/{id}/refresh-schema. */
export const SchemaRefresh = z.object({
  connection_id: z.string(),
  fingerprint: z.string(),
  refreshed_at: z.string(),
  table_count: z.int(),
  /** Null where there was nothing to compare with. */
  changes: SchemaChanges.nullable(),
});
export type SchemaRefresh = z.infer<typeof SchemaRefresh>;

/** POST /query. Exactly one of `question` and `sql`. `connection_id` may be the connection's name. */
export const QueryRequest = z
  .strictObject({
    connection_id: z.string().min(1).max(200),
    question: z.string().trim().min(1).max(MAX_QUESTION_CHARACTERS).optional(),
    /** A statement of the user's own; it goes through the same guard and agent. */
    sql: z.string().min(1).optional(),
    agent_id: z.string().max(200).optional(),
    /** Rows to return at most; the answer says when there were more. */
    max_rows: z.int().positive().optional(),
    timeout_ms: z.int().positive().max(MAX_TIMEOUT_MS).optional(),
    /** Write and check the statement and have it planned, do not run it. */
    dry_run: z.boolean().optional(),
    /** The day the question is asked on where the asker is, YYYY-MM-DD; "last month" is counted from it. */
    today: z.iso.date().optional(),
    /** The id of an answered question of one's own that this one goes on from: "and in 2024?". */
    follow_up: z.string().min(1).max(200).optional(),
  })
  .refine((r) => (r.question === undefined) !== (r.sql === undefined), 'give either "question" or "sql"')
  .refine((r) => r.follow_up === undefined || r.sql === undefined, '"follow_up" goes with "question" only');
export type QueryRequest = z.infer<typeof QueryRequest>;

export const STEPS = ['schema', 'write', 'guard', 'run', 'answer'] as const;

/** How much a query moved, told at its end and checked by whoever reads the rows. */
const ResultEnd = z.object({
  row_count: z.int().nonnegative(),
  /** Of the row lines, newlines included. */
  bytes: z.int().nonnegative(),
  /** CRC-32 of the row lines, newlines included. */
  crc32: z.int().nonnegative(),
  truncated: z.boolean(),
});

/** A phrase of the question and what it was read as. */
export const PhraseReading = z.object({ phrase: z.string(), reads: z.string() });
export type PhraseReading = z.infer<typeof PhraseReading>;

/** Who wrote the statement, and what it rests on. */
export const StatementEvent = z.object({
  type: z.literal('sql'),
  sql: z.string(),
  /** "builtin", "openai" or "user". */
  maker: z.string(),
  model: z.string().nullable(),
  tables: z.array(z.string()),
  /** Readings of the question that were chosen and that the asker should know of. */
  assumptions: z.array(z.string()),
  /** How the question was read, phrase by phrase; empty where a model or the asker wrote the statement. */
  reading: z.array(PhraseReading).default([]),
});
export type StatementEvent = z.infer<typeof StatementEvent>;

/**
 * custard.event/1: the lines of `application/x-ndjson` and the events of `text/event-stream`.
 * start, then steps, sql, columns, row lines, then answer (questions only) and done; or error, or
 * clarify, at any point, as the last one. A stream without done, error or clarify was cut off.
 */
export const QueryEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    schema: z.literal('custard.event/1'),
    id: z.string(),
    connection: z.string(),
    request_id: z.string(),
  }),
  z.object({
    type: z.literal('step'),
    step: z.enum(STEPS),
    state: z.enum(['started', 'done']),
    elapsed_ms: z.number(),
  }),
  StatementEvent,
  z.object({ type: z.literal('columns'), columns: z.array(Column) }),
  z.object({ type: z.literal('row'), row: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])) }),
  z.object({ type: z.literal('answer'), text: z.string() }),
  z.object({ type: z.literal('clarify'), question: z.string(), choices: z.array(z.string()), request_id: z.string() }),
  z.object({ type: z.literal('error'), error: WireError, request_id: z.string() }),
  ResultEnd.extend({
    type: z.literal('done'),
    warnings: z.array(z.string()),
    elapsed_ms: z.number(),
    /** Of a dry run only; null where nobody could tell, and `warnings` says why. */
    explanation: Explanation.nullable().optional(),
  }),
]);
export type QueryEvent = z.infer<typeof QueryEvent>;

/** POST /query as one JSON answer. */
export interface QueryAnswer {
  readonly id: string;
  readonly connection: string;
  /** The sentence; null for a statement of the user's own and for a dry run. */
  readonly answer: string | null;
  readonly sql_query: string;
  readonly maker: string;
  readonly model: string | null;
  readonly tables: readonly string[];
  readonly assumptions: readonly string[];
  readonly reading: readonly PhraseReading[];
  readonly columns: readonly Column[];
  readonly data: readonly Row[];
  readonly row_count: number;
  readonly truncated: boolean;
  /** Of a dry run only. */
  readonly explanation?: Explanation | null;
  readonly warnings: readonly string[];
  readonly elapsed_ms: number;
  readonly request_id: string;
}

export const ErrorBody = z.object({
  error: z.intersection(WireError, z.object({ request_id: z.string(), retryable: z.boolean() })),
});
