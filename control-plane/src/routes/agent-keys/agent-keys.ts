import type Router from '@koa/router';
import type { Middleware } from 'koa';
import { type RotatedKey, RotateKey } from '#core/protocol/accounts.ts';
import type { AgentKeyRepository } from '../../db/agent-key-repository.ts';
import type { ConnectionRepository } from '../../db/connection-repository.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import type { AuditLog } from '../../history/audit-log.ts';
import type { AuthenticatedState } from '../../http-context.ts';
import { beginningOf, createSecretKey, hashSecretKey } from '../../identity/secret-key.ts';
import { requires } from '../../middlewares/authenticate.ts';
import { readJson } from '../../middlewares/read-json.ts';
import { agentKeyView } from './schema.ts';

interface AgentKeyDependencies {
  readonly connections: ConnectionRepository;
  readonly agentKeys: AgentKeyRepository;
  readonly gateway: Gateway;
  readonly audit: AuditLog;
}

const PATH = '/api/v1/connections/:id';
const MINUTE_MS = 60_000;

/** The keys a connection's agents dial in with: one takes over from the other without an agent being cut off. */
export function mountAgentKeys(
  router: Router<AuthenticatedState>,
  authenticate: Middleware<AuthenticatedState>,
  { connections, agentKeys, gateway, audit }: AgentKeyDependencies,
): void {
  router.get(`${PATH}/keys`, authenticate, requires('connections:write'), async (ctx) => {
    const { organizationId } = ctx.state.principal;
    const { id } = await connections.getFresh(organizationId, ctx.params['id'] ?? '');
    ctx.body = { keys: (await agentKeys.list(organizationId, id)).map(agentKeyView) };
  });

  router.post(`${PATH}/rotate-key`, authenticate, requires('connections:write'), async (ctx) => {
    const { organizationId, userId } = ctx.state.principal;
    const { id } = await connections.getFresh(organizationId, ctx.params['id'] ?? '');
    const { grace_minutes: graceMinutes } = await readJson(ctx.req, RotateKey);
    const key = createSecretKey();
    const graceEndsAt = new Date(Date.now() + graceMinutes * MINUTE_MS).toISOString();
    const stored = { hash: hashSecretKey(key), beginning: beginningOf(key) };
    const { added, ended } = await agentKeys.rotate(organizationId, id, { key: stored, graceEndsAt });
    for (const keyId of ended) gateway.endKey(id, keyId);
    const event = { organizationId, actor: `user:${userId}`, action: 'agent_key.rotated', subject: id };
    await audit.append({ ...event, detail: { key: added.id, grace_minutes: graceMinutes } });
    ctx.status = 201;
    ctx.body = { ...agentKeyView(added), api_key: key } satisfies RotatedKey;
  });

  router.delete(`${PATH}/keys/:key`, authenticate, requires('connections:write'), async (ctx) => {
    const { organizationId, userId } = ctx.state.principal;
    const { id } = await connections.getFresh(organizationId, ctx.params['id'] ?? '');
    const keyId = ctx.params['key'] ?? '';
    await agentKeys.revoke(organizationId, id, keyId);
    gateway.endKey(id, keyId);
    const event = { organizationId, actor: `user:${userId}`, action: 'agent_key.revoked', subject: id };
    await audit.append({ ...event, detail: { key: keyId } });
    ctx.status = 204;
  });
}
