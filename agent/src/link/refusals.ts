import { CustardError } from '#core/errors.ts';
import { MAX_STREAMS_PER_AGENT } from '#core/protocol/limits.ts';

/** A wait that is shorter changes nothing. */
const WORTH_TELLING_MS = 100;

/** What the agent itself ends a query with; the database's own errors come from its connector. */

export function agentBusy(): CustardError {
  return new CustardError('AGENT_BUSY', `The agent already has ${MAX_STREAMS_PER_AGENT} things to do.`, {
    hint: 'Try again in a moment, or start a second agent for this connection.',
  });
}

export function stopping(): CustardError {
  return new CustardError('AGENT_OFFLINE', 'The agent is stopping: it finishes what it has and takes nothing new.', {
    hint: 'Ask again in a moment: another agent of this connection takes it, or this one once it is back.',
  });
}

export function canceled(): CustardError {
  return new CustardError('QUERY_CANCELED', 'The query was cancelled.');
}

/** `waitedMs`: how much of that time went by before it began. */
export function timedOut(timeoutMs: number, waitedMs = 0): CustardError {
  const waited = waitedMs < WORTH_TELLING_MS ? '' : `, ${(waitedMs / 1000).toFixed(1)} s of it waiting for its turn`;
  return new CustardError('QUERY_TIMEOUT', `The statement did not finish within ${timeoutMs / 1000} s${waited}.`, {
    hint: 'Ask for less, or give it longer with --timeout (the agent has a limit of its own).',
  });
}
