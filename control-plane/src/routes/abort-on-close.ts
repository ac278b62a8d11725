import type { ServerResponse } from 'node:http';
import { CustardError } from '#core/errors.ts';

/** Aborts, as canceled, when the client goes before its answer is complete. */
export function abortOnClose(response: ServerResponse): AbortController {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort(new CustardError('QUERY_CANCELED', 'The client went away.'));
  });
  return controller;
}
