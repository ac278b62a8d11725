import type Router from '@koa/router';
import { CustardError } from '#core/errors.ts';
import type { Database } from '../../db/database.ts';
import type { AuthenticatedState } from '../../http-context.ts';

interface HealthDependencies {
  readonly database: Database;
  readonly version: string;
  /** False before the start is done and once the end has begun. */
  readonly isReady: () => boolean;
}

/** GET /health: is it alive, database included. GET /ready: should requests be sent here. */
export function mountHealth(
  router: Router<AuthenticatedState>,
  { database, version, isReady }: HealthDependencies,
): void {
  router.get('/health', async (ctx) => {
    await checkDatabase(database);
    ctx.body = { status: 'ok', version, database: database.engine };
  });
  router.get('/ready', async (ctx) => {
    if (!isReady()) {
      throw new CustardError('SERVER_RESTARTING', 'The control plane is going down.', {
        hint: 'Try again in a moment.',
      });
    }
    await checkDatabase(database);
    ctx.body = { status: 'ready', version };
  });
}

async function checkDatabase({ knex }: Database): Promise<void> {
  try {
    await knex.raw('SELECT 1').timeout(2_000);
  } catch (error) {
    throw new CustardError('SERVER_UNREACHABLE', "The control plane's own database does not answer.", {
      hint: 'See to the database DATABASE_URL names; requests work again once it is back.',
      cause: error,
    });
  }
}
