import type Router from '@koa/router';
import type { Middleware } from 'koa';
import { CustardError } from '#core/errors.ts';
import { QueryRequest } from '#core/protocol/api.ts';
import { DEFAULT_TIMEOUT_MS } from '#core/protocol/limits.ts';
import { type Asked, type QueryServices, runQuery } from '../../actions/run-query.ts';
import type { AuthenticatedState } from '../../http-context.ts';
import { requires } from '../../middlewares/authenticate.ts';
import { readJson } from '../../middlewares/read-json.ts';
import { AnswerMemory } from './answer-memory.ts';
import { jsonAnswer } from './json-answer.ts';
import { RENDERED_TYPES, renderingOf, resultLimits } from './schema.ts';
import { sendStream } from './send-stream.ts';

export interface QueryDependencies {
  readonly services: QueryServices;
  readonly holdMs: number;
  readonly stallMs: number;
}

/** After its deadline a query gets this long to say so by itself, which tells more than being cut off. */
const GRACE_MS = 2_000;

/** POST /api/v1/query */
export function mountQuery(
  router: Router<AuthenticatedState>,
  authenticate: Middleware<AuthenticatedState>,
  { services, holdMs, stallMs }: QueryDependencies,
): void {
  const memory = new AnswerMemory();
  router.post('/api/v1/query', authenticate, requires('query'), async (ctx) => {
    const rendering = renderingOf(ctx.accepts([...RENDERED_TYPES]));
    const request = await readJson(ctx.req, QueryRequest);
    const { principal, requestId, log, abort } = ctx.state;
    const timeoutMs = request.timeout_ms ?? DEFAULT_TIMEOUT_MS;
    const late = setTimeout(() => abort.abort(tooLate(timeoutMs)), timeoutMs + GRACE_MS);
    const asked: Asked = {
      ...{ request, principal, requestId, limits: resultLimits(rendering, request.max_rows) },
      ...{ deadline: performance.now() + timeoutMs, signal: abort.signal },
    };
    try {
      const parts = runQuery(services, asked);
      if (rendering.kind === 'json') {
        ctx.type = 'application/json';
        const held = memory.hold(principal.organizationId);
        ctx.res.once('close', held.release);
        ctx.body = await jsonAnswer(parts, requestId, held);
        ctx.res.setTimeout(stallMs); // a client that reads nothing does not keep the answer in memory
      } else {
        const onBug = (error: unknown): void => log.error({ error, requestId }, 'a bug');
        const { encoding } = rendering;
        await sendStream({ parts, response: ctx.res, encoding, requestId, holdMs, stallMs, onBug });
        ctx.respond = false;
      }
    } finally {
      clearTimeout(late);
    }
  });
}

function tooLate(timeoutMs: number): CustardError {
  return new CustardError('QUERY_TIMEOUT', `It was not done within ${timeoutMs / 1000} s, and was stopped.`, {
    hint: 'Ask for less, or allow more time: --timeout 2m (timeout_ms).',
  });
}
