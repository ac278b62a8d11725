import { APIConnectionTimeoutError, APIError, APIUserAbortError, OpenAIError } from 'openai';
import { CustardError } from '#core/errors.ts';
import type { OpenAiConfig } from '../../env.ts';

const HINTS: Readonly<Record<number, string>> = {
  401: 'Check OPENAI_API_KEY: the endpoint does not accept it.',
  403: 'Check OPENAI_API_KEY: it may not use this model.',
  404: 'Check OPENAI_MODEL and OPENAI_BASE_URL (it usually ends in /v1): there is no such model or address.',
  429: 'The endpoint takes no more at the moment, or the account has no credit left: wait, or check the account.',
};

/** The SDK's error as ours; the endpoint's own text stays in `cause`, as it may quote the question. */
export function modelError(error: unknown, { model, baseUrl }: OpenAiConfig, signal: AbortSignal): unknown {
  if (signal.aborted || error instanceof APIUserAbortError) return signal.reason ?? error;
  if (!(error instanceof OpenAIError)) return error;
  const where = baseUrl === null ? 'OpenAI' : new URL(baseUrl).host;
  const fail = (what: string, hint: string): CustardError =>
    new CustardError('MODEL_FAILED', `The model ${model} at ${where} ${what}.`, { hint, cause: error });
  if (error instanceof APIConnectionTimeoutError) {
    return fail('did not answer in time', 'Ask again, or set OPENAI_MODEL to a faster one.');
  }
  const status = error instanceof APIError ? error.status : undefined;
  if (status === undefined) {
    return fail('cannot be reached', 'Check OPENAI_BASE_URL and the network between the control plane and it.');
  }
  const hint = HINTS[status] ?? (status >= 500 ? 'Ask again in a moment.' : 'Check OPENAI_MODEL and OPENAI_BASE_URL.');
  return fail(`refused the request (${status})`, hint);
}
