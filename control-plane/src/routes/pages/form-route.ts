import type Router from '@koa/router';
import type { z } from 'zod';
import { ERRORS, isCustardError } from '#core/errors.ts';
import type { PagePath } from '#core/protocol/pages.ts';
import type { FormState } from '#web-minimal/form.ts';
import type { Page } from '#web-minimal/page.ts';
import type { AuthenticatedState } from '../../http-context.ts';
import { readFormFields } from '../../middlewares/read-json.ts';
import { problemOf } from './explain.ts';
import { checkFormOrigin } from './form-origin.ts';
import { problemsOf } from './page-fields.ts';
import { type PageContext, type Site, sendPage } from './send-page.ts';

interface FormRoute<T> {
  readonly path: PagePath;
  readonly shape: z.ZodType<T>;
  /** A cookie says who sends it. */
  readonly usesCookie?: boolean;
  /** Does what the form asks for, and goes on to another page. */
  readonly act: (ctx: PageContext, fields: T) => Promise<void>;
  /** The form again, with what is wrong. */
  readonly again: (ctx: PageContext, state: FormState) => Promise<Page> | Page;
}

/** A form that is sent: done, or shown again with what was typed and what is wrong with it. */
export function formRoute<T>(router: Router<AuthenticatedState>, site: Site, route: FormRoute<T>): void {
  const { path, shape, act, again, usesCookie = false } = route;
  router.post(path, async (ctx) => {
    checkFormOrigin(ctx, site, { isStrict: usesCookie });
    const values = await readFormFields(ctx.req);
    const read = shape.safeParse(values);
    if (!read.success) {
      const problems = problemsOf(read.error);
      sendPage(ctx, site, await again(ctx, { values, problems }), 400);
      return;
    }
    try {
      await act(ctx, read.data);
    } catch (error) {
      const problem = problemOf(error);
      if (problem === null || !isCustardError(error)) throw error;
      const { retryAfterS } = error.details;
      if (retryAfterS !== undefined) ctx.set('retry-after', String(retryAfterS));
      sendPage(ctx, site, await again(ctx, { values, problems: [problem] }), ERRORS[error.code].status);
    }
  });
}
