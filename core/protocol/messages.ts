import { z } from 'zod';
import { ConnectorDialect } from '../dialects.ts';
import type { WireError as WireErrorType } from '../errors.ts';
import { Explanation } from '../explanation.ts';
import { PolicySummary } from '../policy/summary.ts';
import { SchemaTable } from '../schema.ts';
import { Column } from '../values.ts';
import { MAX_LABEL_CHARACTERS } from './limits.ts';

/**
 * The control messages of the agent link: text frames of a WebSocket whose subprotocol is
 * `custard.v1`. Both ends parse every message. Data frames are in frames.ts.
 *
 * agent                          control plane
 *   hello            ──────────▶
 *                    ◀──────────  welcome (or error VERSION_UNSUPPORTED, then close)
 *                    ◀──────────  query, credit, cancel | schema | values | explain | ping | drain
 *   accepted, columns, <data>…,
 *   end | failed     ──────────▶   exactly one `end` or `failed` per query
 *   schema_page…, values_found, explained, pong, draining, health ▶
 */

export const SUBPROTOCOL = 'custard.v1';
/** Versions of the messages below that this build speaks. */
export const PROTOCOL_VERSIONS = { min: 1, max: 1 } as const;

/** What one end may send only where the other end has said that it understands it. */
export const CAPABILITIES = {
  /** In the welcome: the control plane takes `health`. In the hello: the agent tells it. */
  health: 'health',
  /** In the hello: the agent answers `explain`. */
  explain: 'explain',
} as const;

/** The highest version both ranges hold, or null. */
export function negotiateVersion(a: VersionRange, b: VersionRange): number | null {
  const version = Math.min(a.max, b.max);
  return version >= Math.max(a.min, b.min) ? version : null;
}

const VersionRange = z.object({ min: z.int().positive(), max: z.int().positive() });
export type VersionRange = z.infer<typeof VersionRange>;

export const WireError: z.ZodType<WireErrorType> = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  details: z
    .object({
      where: z.object({ line: z.int(), column: z.int() }).optional(),
      choices: z.array(z.string()).optional(),
      sql: z.string().optional(),
      engineCode: z.string().optional(),
      retryAfterS: z.int().optional(),
    })
    .optional(),
}) as z.ZodType<WireErrorType>;

/** Numbers a stream or a request; unique per session, never 0. */
const Id = z.int().min(1).max(0xffff_ffff);

/** What an agent tells of itself, kept for as long as it is linked. */
const Label = z.string().max(MAX_LABEL_CHARACTERS);

/** What a query may use at most. The agent lowers these to its own caps, never raises them. */
export const QueryLimits = z.object({
  /** Rows to send; when there are more the result is cut there and `truncated` is true. */
  rows: z.int().positive(),
  /** Bytes of encoded rows; past them the query fails with RESULT_TOO_LARGE. */
  bytes: z.int().positive(),
  /** For the statement as a whole, from accepted to end. */
  timeoutMs: z.int().positive(),
});
export type QueryLimits = z.infer<typeof QueryLimits>;

/** A literal found in the data: which column holds it, and how it is spelled there. */
export const FoundValue = z.object({
  /** The text that was looked for, as it was given. */
  text: z.string(),
  schema: z.string().nullable(),
  table: z.string(),
  column: z.string(),
  value: z.string(),
});
export type FoundValue = z.infer<typeof FoundValue>;

const Fingerprint = z.string().max(128);
/** Its schema and its own. */
const TABLE_NAME = [z.string().nullable(), z.string()] as const;
/** How the agent's database is, and how busy the agent. */
export const AgentHealth = z.object({
  database: z.discriminatedUnion('state', [
    z.object({ state: z.literal('reachable') }),
    z.object({
      state: z.literal('unreachable'),
      error: WireError,
      /** For how long already: the two clocks need not agree. */
      forMs: z.number().nonnegative(),
    }),
  ]),
  running: z.int().nonnegative(),
  waiting: z.int().nonnegative(),
});
export type AgentHealth = z.infer<typeof AgentHealth>;

export const FromAgent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    versions: VersionRange,
    agentVersion: Label,
    dialect: ConnectorDialect,
    engineVersion: Label,
    capabilities: z.array(Label).max(64),
    /** New at every start of an agent's process; tells a reconnect from a second agent. */
    instanceId: Label,
    /** The connection the agent was set up for, where it was told; a mix-up of keys is then noticed. */
    connectionId: Label.nullable(),
    /** What the agent's policy file keeps to itself; null where the agent has none. */
    policy: PolicySummary.nullable().default(null),
  }),
  z.object({ type: z.literal('accepted'), id: Id }),
  z.object({ type: z.literal('columns'), id: Id, columns: z.array(Column) }),
  z.object({
    type: z.literal('end'),
    id: Id,
    rows: z.int().nonnegative(),
    bytes: z.int().nonnegative(),
    /** CRC-32 of all payload bytes of the stream, in order. */
    crc32: z.int().nonnegative(),
    truncated: z.boolean(),
    /** From accepted to the last row, in the agent. */
    elapsedMs: z.number().nonnegative(),
  }),
  z.object({ type: z.literal('failed'), id: Id, error: WireError }),
  z.object({
    type: z.literal('schema_page'),
    id: Id,
    version: z.string(),
    defaultSchemas: z.array(z.string()),
    tables: z.array(SchemaTable),
    last: z.boolean(),
    /** On each page of an answer that only has what is different from the schema that was asked with: its fingerprint. */
    base: Fingerprint.optional(),
    /** Row estimates of tables that are otherwise as they were. */
    estimates: z.array(z.tuple([...TABLE_NAME, z.number().nonnegative().nullable()])).optional(),
    /** Tables that are not there any more. */
    removed: z.array(z.tuple([...TABLE_NAME])).optional(),
    /** On the last page: of the schema as a whole, as the agent reckons it. */
    fingerprint: Fingerprint.optional(),
  }),
  z.object({ type: z.literal('values_found'), id: Id, found: z.array(FoundValue) }),
  z.object({ type: z.literal('explained'), id: Id, explanation: Explanation }),
  z.object({ type: z.literal('pong'), sent: z.number() }),
  /** The agent takes no more queries and closes once those under way have ended. */
  z.object({ type: z.literal('draining') }),
  /** Only to a control plane whose welcome names CAPABILITIES.health; after the welcome, and at each change. */
  z.object({ type: z.literal('health'), health: AgentHealth }),
]);
export type FromAgent = z.infer<typeof FromAgent>;

export const ToAgent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('welcome'),
    version: z.int().positive(),
    /** The session's epoch: a later session of the same agent has a greater one. */
    epoch: z.int().nonnegative(),
    serverVersion: z.string(),
    /** What this control plane understands beyond its version's messages. */
    capabilities: z.array(Label).max(64).default([]),
  }),
  z.object({ type: z.literal('query'), id: Id, statement: z.string(), limits: QueryLimits }),
  z.object({ type: z.literal('credit'), id: Id, chunks: z.int().positive() }),
  z.object({ type: z.literal('cancel'), id: Id }),
  /** `base`: the fingerprint of the schema that is there already; an agent that still knows it sends what changed. */
  z.object({ type: z.literal('schema'), id: Id, base: Fingerprint.optional() }),
  z.object({ type: z.literal('values'), id: Id, texts: z.array(z.string().max(200)).max(200) }),
  /** Only to agents that have the capability. Guard and policy judge the statement as one to be run. */
  z.object({ type: z.literal('explain'), id: Id, statement: z.string(), timeoutMs: z.int().positive() }),
  z.object({ type: z.literal('ping'), sent: z.number() }),
  /** The control plane is about to go: reconnect elsewhere once what is under way has ended. */
  z.object({ type: z.literal('drain') }),
  z.object({ type: z.literal('error'), error: WireError }),
]);
export type ToAgent = z.infer<typeof ToAgent>;
