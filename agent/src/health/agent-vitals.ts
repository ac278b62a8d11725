import type { ConnectorDialect } from '#core/dialects.ts';
import { toWireError } from '#core/errors.ts';
import { boundedError } from '#core/protocol/bounded-error.ts';
import type { AgentHealth } from '#core/protocol/messages.ts';
import type { Connector } from '../connectors/connector.ts';
import { type AgentQueues, createQueues } from '../limits/agent-queues.ts';
import type { Concurrency } from '../limits/concurrency.ts';
import type { LinkEvent } from '../link/link-event.ts';
import { type DatabaseState, DatabaseWatch } from './database-watch.ts';

interface VitalsOptions {
  readonly connector: Connector;
  readonly concurrency: Concurrency;
  readonly onEvent: (event: LinkEvent) => void;
  /** As DatabaseWatch takes it; by default as suits the engine. */
  readonly healthEveryMs?: number | undefined;
}

/** What an agent has for as long as it lives, over all of its links: its queues, and an eye on its database. */
export interface AgentVitals {
  readonly queues: AgentQueues;
  readonly watch: Pick<DatabaseWatch, 'sawAnswer' | 'sawError'>;
  /** For whoever is linked to hear of it. */
  health(): AgentHealth;
  /** Called at each change, of the database's state or of what runs and waits, until what is returned is. */
  listen(listener: (what: 'database' | 'load') => void): () => void;
  stop(): void;
}

export function startVitals({ connector, concurrency, onEvent, healthEveryMs }: VitalsOptions): AgentVitals {
  const listeners = new Set<(what: 'database' | 'load') => void>();
  const tell = (what: 'database' | 'load'): void => {
    for (const listener of listeners) listener(what);
  };
  const queues = createQueues(concurrency, () => tell('load'));
  const watch = new DatabaseWatch({
    connector,
    isBusy: () => queues.statements.running > 0,
    onChange(now, before) {
      const event = asEvent(now, before);
      if (event !== null) onEvent(event);
      tell('database');
    },
    onBug: (error) => onEvent({ state: 'bug', error }),
    everyMs: healthEveryMs ?? usualEveryMs(connector.dialect),
  });
  return {
    queues,
    watch,
    health: () => healthOf(watch.state, queues),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => watch.stop(),
  };
}

const SERVER_EVERY_MS = 30_000;

/** A look would keep Snowflake's warehouse awake, which costs money, and a file's process, which costs memory. */
function usualEveryMs(dialect: ConnectorDialect): number {
  return dialect === 'snowflake' || dialect === 'sqlite' || dialect === 'duckdb' ? 0 : SERVER_EVERY_MS;
}

function asEvent(now: DatabaseState, before: DatabaseState): LinkEvent | null {
  if (now.state === 'unreachable') return { state: 'database-down', error: now.error };
  return before.state === 'unreachable' ? { state: 'database-up', afterMs: performance.now() - before.since } : null;
}

function healthOf(state: DatabaseState, { statements: { running, waiting } }: AgentQueues): AgentHealth {
  if (state.state === 'reachable') return { database: state, running, waiting };
  const error = boundedError(toWireError(state.error));
  return { database: { state: 'unreachable', error, forMs: performance.now() - state.since }, running, waiting };
}
