import type { ConnectionStatus } from '#core/protocol/status.ts';
import { inWords } from './duration.ts';

/** What stands behind "connected" or "unreachable", by the system's own codes. */
const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection lost',
  EHOSTUNREACH: 'no way to the host',
  ENETUNREACH: 'no way to the network',
  ENOENT: 'no such socket or file',
  ENOTFOUND: 'unknown host',
  EAI_AGAIN: 'the name service does not answer',
  ETIMEDOUT: 'no answer',
};

const TROUBLES: Readonly<Record<string, string>> = {
  DATABASE_UNREACHABLE: 'database unreachable',
  DATABASE_AUTH_FAILED: 'database refuses the login',
  DATABASE_NOT_FOUND: 'database not found',
};

/** "shop: connected, database unreachable for 32 s (connection refused)". `now`: by the server's clock. */
export function statusSentence(status: ConnectionStatus, now: Date): string {
  return `${status.name}: ${stateWords(status, forWords(status, now))}`;
}

/** After what was told of it last; null where that says the same. */
export function changeSentence(before: ConnectionStatus, status: ConnectionStatus, now: Date): string | null {
  const wasDown = before.status === 'ERROR' && TROUBLES[before.error?.code ?? ''] !== undefined;
  if (wasDown && status.status === 'CONNECTED' && before.since !== null && status.since !== null) {
    const after = inWords(Math.max(0, Date.parse(status.since) - Date.parse(before.since)));
    return `${status.name}: connected, database reachable again after ${after}`;
  }
  const isSame = before.status === status.status && before.error?.code === status.error?.code;
  return isSame && before.agents === status.agents ? null : statusSentence(status, now);
}

function stateWords(status: ConnectionStatus, lasting: string): string {
  switch (status.status) {
    case 'PENDING':
      return `waiting${lasting} for its agent to come for the first time`;
    case 'DISCONNECTED':
      return `no agent${lasting}`;
    case 'CONNECTED':
      return `connected${lasting}${liveWords(status)}`;
    case 'ERROR':
      return `connected, ${troubleWords(status, lasting)}`;
    default:
      return status.status satisfies never;
  }
}

function troubleWords({ error }: ConnectionStatus, lasting: string): string {
  const trouble = TROUBLES[error?.code ?? ''];
  const why = CAUSES[error?.details?.engineCode ?? ''] ?? error?.message.replace(/\.$/, '') ?? 'unknown';
  return trouble === undefined ? `its schema could not be read (${why})` : `${trouble}${lasting} (${why})`;
}

function liveWords({
  agents,
  round_trip_ms,
  running,
  waiting,
  agent_version,
  engine_version,
}: ConnectionStatus): string {
  const facts = [
    ...(agents > 1 ? [`${agents} agents`] : []),
    ...(engine_version === null ? [] : [`server ${engine_version}`]),
    ...(agent_version === null ? [] : [`agent ${agent_version}`]),
    ...(round_trip_ms === null ? [] : [`${round_trip_ms} ms away`]),
    ...(running === null ? [] : [`${running} running, ${waiting ?? 0} waiting`]),
  ];
  return facts.length === 0 ? '' : ` (${facts.join('; ')})`;
}

/** Nothing of what has only just become so. */
function forWords({ since }: ConnectionStatus, now: Date): string {
  const lasted = since === null ? 0 : now.getTime() - Date.parse(since);
  return lasted < 1_000 ? '' : ` for ${inWords(lasted)}`;
}
