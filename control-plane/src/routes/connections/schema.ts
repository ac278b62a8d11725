import type { ConnectionView, SchemaRefresh, SchemaView } from '#core/protocol/api.ts';
import type { Connection } from '../../db/connection-repository.ts';
import type { SchemaSummary, StoredSchema } from '../../db/schema-repository.ts';
import type { AgentSessionInfo } from '../../gateway/gateway.ts';
import type { LoadedSchema } from '../../schemas/schema-store.ts';
import { connectionState } from '../../status/connection-status.ts';

interface LiveState {
  /** Of the agent that is linked; null while none is. */
  readonly session: Pick<AgentSessionInfo, 'policy' | 'connectedAt' | 'health'> | null;
  readonly schemaLoading: boolean;
  readonly summary: SchemaSummary | undefined;
  readonly now: string;
}

export function connectionView(connection: Connection, live: LiveState): ConnectionView {
  const { id, name, dbType, agentId, createdAt, lastSeenAt, lastError } = connection;
  const { status, since, error } = connectionState(connection, live.session);
  return {
    id,
    name,
    db_type: dbType,
    status,
    status_since: since,
    agent_id: agentId,
    created_at: createdAt,
    last_seen_at: live.session !== null ? live.now : lastSeenAt,
    last_error: error === null ? lastError : `${error.code}: ${error.message}`,
    policy: live.session?.policy ?? null,
    schema: {
      state: schemaState(connection, live),
      table_count: live.summary?.tableCount ?? null,
      fingerprint: live.summary?.fingerprint ?? null,
      refreshed_at: live.summary?.refreshedAt ?? null,
    },
  };
}

function schemaState({ lastError }: Connection, live: LiveState): ConnectionView['schema']['state'] {
  if (live.summary !== undefined) return 'READY';
  if (live.schemaLoading) return 'LOADING';
  return lastError === null ? 'NONE' : 'FAILED';
}

export function schemaView({ id }: Connection, { schema, fingerprint, refreshedAt }: StoredSchema): SchemaView {
  return { connection_id: id, fingerprint, refreshed_at: refreshedAt, schema };
}

export function refreshView({ id }: Connection, { stored, changes }: LoadedSchema): SchemaRefresh {
  const { schema, fingerprint, refreshedAt } = stored;
  return { connection_id: id, fingerprint, refreshed_at: refreshedAt, table_count: schema.tables.length, changes };
}
