import type { LinkEvent } from '#agent/link/link-event.ts';
import type { StatementOutcome } from '#agent/link/statement-outcome.ts';
import { isCustardError } from '#core/errors.ts';
import { inWords } from '../../output/duration.ts';
import type { LogLine } from './agent-log.ts';

/** An agent's event as a line of its log. */
export function lineOf(event: LinkEvent): LogLine {
  const { state } = event;
  switch (event.state) {
    case 'connecting':
      return { level: 'info', state, text: `Connecting to ${event.url}` };
    case 'connected':
      return { level: 'info', state, text: `Connected (session ${event.epoch}); waiting for questions.` };
    case 'disconnected': {
      const { code, message } = event.error;
      const retry = (event.retryInMs / 1000).toFixed(1);
      const text = `Disconnected: ${message} (${code}); trying again in ${retry} s.`;
      return { level: 'warn', state, text, fields: { code, retry_in_ms: event.retryInMs } };
    }
    case 'draining':
      return { level: 'info', state, text: 'Finishing what is under way.' };
    case 'statement':
      return statementLine(event.statement);
    case 'database-down': {
      const { code, message, hint } = event.error;
      const text = [`The database cannot be asked: ${message} (${code})`, hint].filter(Boolean).join(' ');
      return { level: 'warn', state, text, fields: { code } };
    }
    case 'database-up': {
      const text = `The database can be asked again, after ${inWords(event.afterMs)}.`;
      return { level: 'info', state, text, fields: { after_ms: Math.round(event.afterMs) } };
    }
    case 'bug':
      return bugLine(event.error);
    default:
      return event satisfies never;
  }
}

function statementLine(statement: StatementOutcome): LogLine {
  const { id, fingerprint, outcome, code, engineCode, rows, bytes, truncated, elapsedMs, waitedMs } = statement;
  const why = code === null ? '' : ` (${code}${engineCode === null ? '' : `, ${engineCode}`})`;
  const waited = waitedMs < 1 ? '' : `, ${inWords(waitedMs)} of it waiting`;
  const text = `Statement ${id} ${fingerprint}: ${outcome}${why}, ${rows} ${rows === 1 ? 'row' : 'rows'}, ${bytes} bytes, ${inWords(elapsedMs)}${waited}.`;
  return {
    ...{ level: outcome === 'failed' ? 'warn' : 'info', state: 'statement', text },
    fields: {
      ...{ id, fingerprint, outcome, code, engine_code: engineCode, rows, bytes, truncated },
      ...{ elapsed_ms: rounded(elapsedMs), waited_ms: rounded(waitedMs) },
    },
  };
}

/** Where it is, and not what it says: a driver's own message may quote the statement or a row. */
function bugLine(error: unknown): LogLine {
  const { name, stack = '' } = error instanceof Error ? error : { name: typeof error };
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  const text = [`A query failed in a way that is a bug: ${name}`, ...frames].join('\n');
  return { level: 'error', state: 'bug', text };
}

/** What the log of an agent says of a failure that ends it. */
export function failureLine(error: unknown): LogLine {
  if (!isCustardError(error)) return bugLine(error);
  const { code, message, hint } = error;
  const text = [`Failed, and not tried again: ${message} (${code})`, hint].filter(Boolean).join(' ');
  return { level: 'error', state: 'failed', text, fields: { code } };
}

const rounded = (ms: number): number => Math.round(ms * 10) / 10;
