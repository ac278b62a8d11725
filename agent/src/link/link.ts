import { createBackoff } from '#core/backoff.ts';
import { CustardError } from '#core/errors.ts';
import { pause } from '#core/pause.ts';
import { connectOnce, type LinkOptions } from './connection.ts';
import { shownUrl } from './shown-url.ts';

export interface Link {
  /** Resolves at the first welcome; rejects when the control plane refuses this agent for good. */
  readonly ready: Promise<void>;
  /** Resolves after stop(); rejects when the control plane refuses this agent for good. */
  readonly ended: Promise<void>;
  /** Takes no more queries, lets those under way finish (bounded), then closes. */
  stop(): Promise<void>;
}

/** Refusals that no amount of trying changes. */
const FINAL = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'VERSION_UNSUPPORTED', 'CONFIG_INVALID']);

/** Dials the control plane and stays connected until stopped or refused for good. */
export function openLink(options: LinkOptions): Link {
  const stop = new AbortController();
  const ready = Promise.withResolvers<void>();
  ready.promise.catch(() => undefined); // whoever awaits only `ended` hears of it there
  const ended = stayConnected(options, stop.signal, ready.resolve).catch((error: unknown) => {
    ready.reject(error);
    throw error;
  });
  ended.catch(() => undefined); // likewise for whoever awaits only `ready`
  return {
    ready: ready.promise,
    ended,
    async stop() {
      stop.abort();
      ready.reject(new CustardError('QUERY_CANCELED', 'The agent was stopped before it was connected.'));
      await ended.catch(() => undefined);
    },
  };
}

async function stayConnected(options: LinkOptions, stop: AbortSignal, onReady: () => void): Promise<void> {
  const backoff = createBackoff();
  while (!stop.aborted) {
    options.onEvent({ state: 'connecting', url: shownUrl(options.url) });
    const outcome = await connectOnce(options, stop, onReady);
    if (stop.aborted) return;
    if (FINAL.has(outcome.error.code)) throw outcome.error;
    backoff.lived(outcome.livedMs);
    const retryInMs = backoff.next();
    options.onEvent({ state: 'disconnected', error: outcome.error, retryInMs });
    await pause(retryInMs, stop);
  }
}
