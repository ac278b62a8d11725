import type { DbType } from '#core/dialects.ts';
import { isCustardError } from '#core/errors.ts';
import type { Connection, ConnectionRepository } from './db/connection-repository.ts';
import type { AgentAuthenticator } from './identity/agent-authenticator.ts';
import { createSecretKey } from './identity/secret-key.ts';

/** What an agent in the same process needs to dial in. */
export interface LocalAgent {
  readonly connectionId: string;
  readonly agentId: string;
  /** Valid until the process ends; stored nowhere. */
  readonly apiKey: string;
}

/** The connection of that name, made when it is not there yet, with a key for an agent of this process. */
export async function admitLocalAgent(
  { name, dbType }: { readonly name: string; readonly dbType: DbType },
  organizationId: string,
  { connections, agents }: { readonly connections: ConnectionRepository; readonly agents: AgentAuthenticator },
): Promise<LocalAgent> {
  const connection = await findOrCreate(connections, organizationId, { name, dbType });
  const apiKey = createSecretKey();
  agents.allowOwnKey(connection.id, apiKey);
  return { connectionId: connection.id, agentId: connection.agentId, apiKey };
}

async function findOrCreate(
  connections: ConnectionRepository,
  organizationId: string,
  wanted: { readonly name: string; readonly dbType: DbType },
): Promise<Connection> {
  try {
    return await connections.getFresh(organizationId, wanted.name);
  } catch (error) {
    if (!isCustardError(error) || error.code !== 'NOT_FOUND') throw error;
  }
  try {
    return await connections.create(organizationId, { ...wanted, key: null });
  } catch (error) {
    if (!isCustardError(error) || error.code !== 'CONFLICT') throw error;
    return await connections.getFresh(organizationId, wanted.name); // another process was faster
  }
}
