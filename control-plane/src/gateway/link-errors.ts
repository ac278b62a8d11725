import { CustardError, isCustardError } from '#core/errors.ts';
import { ACKNOWLEDGE_MS } from '#core/protocol/limits.ts';

/** What ends or prevents a query on its way to an agent. */

export function aborted(signal: AbortSignal): Error {
  return isCustardError(signal.reason) ? signal.reason : new CustardError('QUERY_CANCELED', 'The query was cancelled.');
}

export function notAccepted(): CustardError {
  return new CustardError('AGENT_LOST', `The agent did not accept the query within ${ACKNOWLEDGE_MS / 1000} s.`, {
    hint: 'It may be overloaded or cut off; try again, and look at the log of the agent.',
  });
}

export function agentOffline(): CustardError {
  return new CustardError('AGENT_OFFLINE', 'No agent of this connection is online.', {
    hint: 'Start it where the database is; `custard connections agent-command NAME` prints the command.',
  });
}

export function agentLost(): CustardError {
  return new CustardError('AGENT_LOST', 'The agent went away while it was working on this.', {
    hint: 'It reconnects by itself when it can; ask again in a moment.',
  });
}

export function connectionDeleted(): CustardError {
  return new CustardError('NOT_FOUND', 'This connection was deleted.', {
    hint: 'Create another one with: custard connections create NAME --kind …',
  });
}
