import Router from '@koa/router';
import Koa from 'koa';
import type { Logger } from 'pino';
import type { QueryServices } from './actions/run-query.ts';
import type { Database } from './db/database.ts';
import type { SchemaRepository } from './db/schema-repository.ts';
import type { AuthenticatedState } from './http-context.ts';
import type { Authenticator } from './identity/authenticator.ts';
import type { InFlight } from './in-flight.ts';
import { authenticate } from './middlewares/authenticate.ts';
import { noSuchRoute } from './middlewares/no-such-route.ts';
import { request } from './middlewares/request.ts';
import { mountConnections } from './routes/connections/connections.ts';
import { mountHealth } from './routes/health/health.ts';
import { mountQuery } from './routes/query/query.ts';
import type { StatusBoard } from './status/status-board.ts';

export interface AppDependencies {
  readonly database: Database;
  readonly authenticator: Authenticator;
  readonly services: QueryServices;
  readonly schemas: SchemaRepository;
  readonly inFlight: InFlight;
  readonly statusBoard: StatusBoard;
  readonly logger: Logger;
  readonly version: string;
  readonly isReady: () => boolean;
  readonly holdMs: number;
  readonly stallMs: number;
}

/** The HTTP interface, without a server around it. */
export function createApp(deps: AppDependencies): Koa {
  const { services } = deps;
  const router = new Router<AuthenticatedState>();
  const authenticated = authenticate(deps.authenticator);
  mountHealth(router, deps);
  mountQuery(router, authenticated, deps);
  mountConnections(router, authenticated, {
    ...{ connections: services.connections, schemas: deps.schemas, schemaStore: services.schemas },
    ...{ gateway: services.gateway, audit: services.audit },
    onChange: (organizationId) => deps.statusBoard.changed(organizationId),
  });
  const app = new Koa<AuthenticatedState>();
  app.silent = true; // whatever reaches Koa's own handler was logged by ours
  app.use(request(deps.logger, deps.inFlight));
  app.use(router.routes());
  app.use(noSuchRoute);
  return app;
}
