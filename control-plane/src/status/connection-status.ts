import type { WireError } from '#core/errors.ts';
import type { ConnectionStatus } from '#core/protocol/status.ts';
import type { Connection } from '../db/connection-repository.ts';
import type { AgentSessionInfo } from '../gateway/gateway.ts';

type Session = Pick<AgentSessionInfo, 'connectedAt' | 'health'>;

interface State {
  readonly status: ConnectionStatus['status'];
  readonly since: string | null;
  readonly error: WireError | null;
}

/** What one word says of a connection, since when, and why where it is ERROR. */
export function connectionState(connection: Connection, session: Session | null): State {
  const { lastSeenAt, lastError, createdAt } = connection;
  if (session === null) {
    return lastSeenAt === null
      ? { status: 'PENDING', since: createdAt, error: null }
      : { status: 'DISCONNECTED', since: lastSeenAt, error: null };
  }
  const { health, connectedAt } = session;
  const since = (health?.since ?? connectedAt).toISOString();
  if (health !== null && health.error !== null) return { status: 'ERROR', since, error: health.error };
  return lastError === null
    ? { status: 'CONNECTED', since, error: null }
    : { status: 'ERROR', since: null, error: readLastError(lastError) };
}

export function connectionStatus(connection: Connection, session: AgentSessionInfo | null): ConnectionStatus {
  const { id, name, dbType, lastSeenAt } = connection;
  return {
    ...{ id, name, db_type: dbType },
    ...connectionState(connection, session),
    last_seen_at: session === null ? lastSeenAt : null,
    agents: session?.agents ?? 0,
    agent_version: session?.agentVersion ?? null,
    engine_version: session?.engineVersion ?? null,
    round_trip_ms: session?.roundTripMs == null ? null : Math.round(session.roundTripMs * 10) / 10,
    running: session?.health?.running ?? null,
    waiting: session?.health?.waiting ?? null,
  };
}

/** As it is stored: the code, and the sentence. */
function readLastError(stored: string): WireError {
  const [, code = 'INTERNAL', message = stored] = /^([A-Z_]+): (.*)$/s.exec(stored) ?? [];
  return { code, message };
}
