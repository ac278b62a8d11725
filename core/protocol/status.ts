import { z } from 'zod';
import { DbType } from '../dialects.ts';
import { CONNECTION_STATUSES } from './api.ts';
import { WireError } from './messages.ts';

/**
 * WS /api/v1/status/ws: how an organization's connections are, as it changes. The server speaks, the client listens:
 * a snapshot first, then one message for each change. Names are snake_case, as everywhere in this interface.
 */
export const STATUS_SOCKET_PATH = '/api/v1/status/ws';
export const STATUS_SUBPROTOCOL = 'custard.status.v1';
/** A client that cannot set headers (a browser) offers its token as a second subprotocol: this, and then the token. */
export const STATUS_TOKEN_PREFIX = 'custard.token.';

export const ConnectionStatus = z.object({
  id: z.string(),
  name: z.string(),
  db_type: DbType,
  status: z.enum(CONNECTION_STATUSES),
  /** When it became so. */
  since: z.string().nullable(),
  /** Why it is ERROR: the database cannot be asked, or its schema could not be read. */
  error: WireError.nullable(),
  /** Null while an agent is linked, and before one ever was. */
  last_seen_at: z.string().nullable(),
  /** Agents that are linked; what follows is of one of them, or null. */
  agents: z.int().nonnegative(),
  agent_version: z.string().nullable(),
  engine_version: z.string().nullable(),
  round_trip_ms: z.number().nullable(),
  /** Statements of all its agents. */
  running: z.int().nonnegative().nullable(),
  waiting: z.int().nonnegative().nullable(),
});
export type ConnectionStatus = z.infer<typeof ConnectionStatus>;

/** `at`: the server's clock, for "since" to be counted by. */
export const StatusMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), at: z.string(), connections: z.array(ConnectionStatus) }),
  z.object({ type: z.literal('connection'), at: z.string(), connection: ConnectionStatus }),
  z.object({ type: z.literal('removed'), at: z.string(), id: z.string() }),
  /** The last message: why the server closes. */
  z.object({ type: z.literal('error'), error: WireError }),
]);
export type StatusMessage = z.infer<typeof StatusMessage>;
