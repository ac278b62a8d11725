import type Router from '@koa/router';
import type { Middleware } from 'koa';
import { type ConnectionView, CreateConnection, type CreatedConnection } from '#core/protocol/api.ts';
import type { Connection, ConnectionRepository } from '../../db/connection-repository.ts';
import type { SchemaRepository } from '../../db/schema-repository.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import type { AuditLog } from '../../history/audit-log.ts';
import type { AuthenticatedState } from '../../http-context.ts';
import type { Principal } from '../../identity/principal.ts';
import { createSecretKey, hashSecretKey } from '../../identity/secret-key.ts';
import { readJson } from '../../middlewares/read-json.ts';
import type { SchemaStore } from '../../schemas/schema-store.ts';
import { connectionView, refreshView, schemaView } from './schema.ts';

export interface ConnectionDependencies {
  readonly connections: ConnectionRepository;
  readonly schemas: SchemaRepository;
  readonly schemaStore: SchemaStore;
  readonly gateway: Gateway;
  readonly audit: AuditLog;
  /** A connection of the organization was made or deleted. */
  readonly onChange: (organizationId: string) => void;
}

const PATH = '/api/v1/connections';

export function mountConnections(
  router: Router<AuthenticatedState>,
  authenticate: Middleware<AuthenticatedState>,
  deps: ConnectionDependencies,
): void {
  const { connections, schemaStore, gateway, audit } = deps;
  const find = ({ organizationId }: Principal, id: string) => connections.getFresh(organizationId, id);

  router.post(PATH, authenticate, async (ctx) => {
    const { name, db_type: dbType } = await readJson(ctx.req, CreateConnection);
    const { organizationId, userId } = ctx.state.principal;
    const key = createSecretKey();
    const connection = await connections.create(organizationId, { name, dbType, keyHash: hashSecretKey(key) });
    const event = { organizationId, actor: `user:${userId}`, action: 'connection.created', subject: connection.id };
    await audit.append({ ...event, detail: { name, db_type: dbType } });
    deps.onChange(organizationId);
    ctx.status = 201;
    ctx.body = { ...(await view(deps, connection)), api_key: key } satisfies CreatedConnection;
  });

  router.get(PATH, authenticate, async (ctx) => {
    const { organizationId } = ctx.state.principal;
    ctx.body = { connections: await views(deps, organizationId, await connections.list(organizationId)) };
  });

  router.get(`${PATH}/:id`, authenticate, async (ctx) => {
    ctx.body = await view(deps, await find(ctx.state.principal, ctx.params['id'] ?? ''));
  });

  router.delete(`${PATH}/:id`, authenticate, async (ctx) => {
    const { organizationId, userId } = ctx.state.principal;
    const { id, name } = await find(ctx.state.principal, ctx.params['id'] ?? '');
    await connections.delete(organizationId, id);
    deps.schemas.forget();
    gateway.disconnect(id);
    deps.onChange(organizationId);
    const event = { organizationId, actor: `user:${userId}`, action: 'connection.deleted', subject: id };
    await audit.append({ ...event, detail: { name } });
    ctx.status = 204;
  });

  router.get(`${PATH}/:id/schema`, authenticate, async (ctx) => {
    const connection = await find(ctx.state.principal, ctx.params['id'] ?? '');
    ctx.body = schemaView(connection, await schemaStore.get(connection, ctx.state.abort));
  });

  router.post(`${PATH}/:id/refresh-schema`, authenticate, async (ctx) => {
    const connection = await find(ctx.state.principal, ctx.params['id'] ?? '');
    ctx.body = refreshView(connection, await schemaStore.refresh(connection, ctx.state.abort.signal));
  });
}

async function view(deps: ConnectionDependencies, connection: Connection): Promise<ConnectionView> {
  const [only] = await views(deps, connection.organizationId, [connection]);
  if (only === undefined) throw new Error('one connection has one view');
  return only;
}

async function views(
  { schemas, schemaStore, gateway }: ConnectionDependencies,
  organizationId: string,
  connections: readonly Connection[],
): Promise<ConnectionView[]> {
  const summaries = await schemas.summaries(organizationId);
  const now = new Date().toISOString();
  return connections.map((connection) =>
    connectionView(connection, {
      session: gateway.session(connection.id),
      schemaLoading: schemaStore.isLoading(connection.id),
      summary: summaries.get(connection.id),
      now,
    }),
  );
}
