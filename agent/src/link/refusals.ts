import { CustardError } from '#core/errors.ts';
import { MAX_STREAMS_PER_AGENT } from '#core/protocol/limits.ts';

/** What the agent itself ends a query with; the database's own errors come from its connector. */

export function agentBusy(): CustardError {
  return new CustardError('AGENT_BUSY', `The agent already runs ${MAX_STREAMS_PER_AGENT} queries.`, {
    hint: 'Try again in a moment, or start a second agent for this connection.',
  });
}

export function canceled(): CustardError {
  return new CustardError('QUERY_CANCELED', 'The query was cancelled.');
}

export function timedOut(timeoutMs: number): CustardError {
  return new CustardError('QUERY_TIMEOUT', `The statement did not finish within ${timeoutMs / 1000} s.`, {
    hint: 'Ask for less, or give it longer with --timeout (the agent has a limit of its own).',
  });
}
