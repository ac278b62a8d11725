import { CustardError, isCustardError } from '#core/errors.ts';
import { ACKNOWLEDGE_MS, MAX_AGENTS_PER_CONNECTION, MAX_STREAMS_PER_AGENT } from '#core/protocol/limits.ts';

/** What ends or prevents a query on its way to an agent. */

export function aborted({ reason }: AbortSignal): Error {
  if (isCustardError(reason)) return reason;
  if (reason instanceof DOMException && reason.name === 'TimeoutError') {
    return new CustardError('TIMEOUT', 'The agent did not answer in time.', {
      hint: 'Look at the log of the agent, and at what its database is busy with.',
    });
  }
  return new CustardError('QUERY_CANCELED', 'The query was cancelled.');
}

export function busy(): CustardError {
  return new CustardError('AGENT_BUSY', `The agent already has ${MAX_STREAMS_PER_AGENT} queries.`, {
    hint: 'Try again in a moment, or start a second agent for this connection.',
  });
}

export function tooManyAgents(): CustardError {
  return new CustardError('RATE_LIMITED', `This connection already has ${MAX_AGENTS_PER_CONNECTION} agents.`, {
    hint: 'Stop some of them: one is enough, a second one keeps it available.',
  });
}

export function closing(): CustardError {
  return new CustardError('SERVER_RESTARTING', 'The control plane is going down.', {
    hint: 'The agent reconnects by itself.',
  });
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

export function keyEnded(): CustardError {
  return new CustardError('UNAUTHENTICATED', "The agent's key was revoked or has expired.", {
    hint: 'Put the new key into CUSTARD_API_KEY: custard connections rotate-key NAME',
  });
}
