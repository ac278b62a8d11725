import Router from '@koa/router';
import Koa, { type Middleware } from 'koa';
import type { Logger } from 'pino';
import type { QueryServices } from './actions/run-query.ts';
import type { Database } from './db/database.ts';
import type { SchemaRepository } from './db/schema-repository.ts';
import type { AuthenticatedState, RequestState } from './http-context.ts';
import type { Authenticator } from './identity/authenticator.ts';
import type { LiveAccess } from './identity/live-access.ts';
import type { InFlight } from './in-flight.ts';
import { authenticate } from './middlewares/authenticate.ts';
import { cors } from './middlewares/cors.ts';
import { noSuchRoute } from './middlewares/no-such-route.ts';
import { request } from './middlewares/request.ts';
import { mountConnections } from './routes/connections/connections.ts';
import { mountHealth } from './routes/health/health.ts';
import { mountQuery } from './routes/query/query.ts';
import type { StatusBoard } from './status/status-board.ts';

type MountAccounts = (router: Router<AuthenticatedState>, authenticate: Middleware<AuthenticatedState>) => void;

export interface AppDependencies {
  readonly database: Database;
  readonly authenticator: Authenticator;
  readonly services: QueryServices;
  readonly schemas: SchemaRepository;
  readonly inFlight: InFlight;
  readonly statusBoard: StatusBoard;
  readonly live: LiveAccess;
  readonly trustedProxies: number;
  readonly corsOrigins: readonly string[];
  /** The routes of accounts; null in a server inside a command, which nobody logs in to. */
  readonly mountAccounts: MountAccounts | null;
  /** Says to people what went wrong; null where there are no pages. */
  readonly errorPages: Middleware<RequestState> | null;
  readonly logger: Logger;
  readonly version: string;
  readonly isReady: () => boolean;
  readonly holdMs: number;
  readonly stallMs: number;
}

/** Every route there is. */
export function createRouter(deps: AppDependencies): Router<AuthenticatedState> {
  const { services } = deps;
  const router = new Router<AuthenticatedState>();
  const authenticated = authenticate(deps.authenticator, deps.live);
  mountHealth(router, deps);
  mountQuery(router, authenticated, deps);
  mountConnections(router, authenticated, {
    ...{ connections: services.connections, schemas: deps.schemas, schemaStore: services.schemas },
    ...{ gateway: services.gateway, audit: services.audit },
    onChange: (organizationId) => deps.statusBoard.changed(organizationId),
  });
  deps.mountAccounts?.(router, authenticated);
  return router;
}

/** The HTTP interface, without a server around it. */
export function createApp(deps: AppDependencies): Koa {
  const app = new Koa<AuthenticatedState>();
  app.silent = true; // whatever reaches Koa's own handler was logged by ours
  app.use(request(deps.logger, deps.inFlight, deps.trustedProxies));
  if (deps.errorPages !== null) app.use(deps.errorPages);
  if (deps.corsOrigins.length > 0) app.use(cors(deps.corsOrigins));
  app.use(createRouter(deps).routes());
  app.use(noSuchRoute);
  return app;
}
