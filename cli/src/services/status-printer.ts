import type { ConnectionStatus } from '#core/protocol/status.ts';
import { safe, safeJson } from '../output/safe.ts';
import { changeSentence, statusSentence } from '../output/status-words.ts';
import type { Session } from './session.ts';

/** Where a status that changes is told. Times are of the server's clock. */
export interface StatusPrinter {
  /** Nothing is left that was told of. */
  readonly isEmpty: boolean;
  snapshot(connections: readonly ConnectionStatus[], at: Date): Promise<void>;
  changed(connection: ConnectionStatus, at: Date): Promise<void>;
  removed(id: string, at: Date): Promise<void>;
  /** It may have to say something by itself, until it is stopped. */
  start(onError: (error: unknown) => void): void;
  stop(): void;
}

/** How often what is wrong is said again, with how long it has been. */
const REMIND_EVERY_MS = 10_000;

/** Sentences, one for each change, with the time before it where it goes on. */
export function textPrinter({ sink, style }: Session): StatusPrinter {
  const known = new Map<string, ConnectionStatus>();
  const clock = { offsetMs: 0 };
  let watching = false;
  let timer: NodeJS.Timeout | undefined;
  const print = async (status: ConnectionStatus | null, text: string, at: Date): Promise<void> => {
    const time = watching ? style('dim', `${at.toLocaleTimeString('sv-SE')} `) : '';
    const colour = status === null ? 'yellow' : COLOURS[status.status];
    await sink.write(`${time}${style(colour, MARKS[status?.status ?? 'DISCONNECTED'])} ${safe(text)}\n`);
  };
  const change = async (status: ConnectionStatus, at: Date): Promise<void> => {
    clock.offsetMs = at.getTime() - Date.now();
    const before = known.get(status.id);
    known.set(status.id, status);
    const text = before === undefined ? statusSentence(status, at) : changeSentence(before, status, at);
    if (text !== null) await print(status, text, at);
  };
  const remind = async (): Promise<void> => {
    const now = new Date(Date.now() + clock.offsetMs);
    for (const status of known.values()) {
      if (status.status === 'ERROR') await print(status, statusSentence(status, now), now);
    }
  };
  return {
    get isEmpty() {
      return known.size === 0;
    },
    async snapshot(connections, at) {
      const ids = new Set(connections.map(({ id }) => id));
      for (const id of [...known.keys()]) if (!ids.has(id)) await this.removed(id, at);
      for (const connection of connections) await change(connection, at);
    },
    changed: change,
    async removed(id, at) {
      const status = known.get(id);
      known.delete(id);
      if (status !== undefined) await print(null, `${status.name}: deleted`, at);
    },
    start(onError) {
      watching = true;
      timer = setInterval(() => void remind().catch(onError), REMIND_EVERY_MS).unref();
    },
    stop: () => clearInterval(timer),
  };
}

const COLOURS = { CONNECTED: 'green', ERROR: 'red', DISCONNECTED: 'yellow', PENDING: 'dim' } as const;
const MARKS = { CONNECTED: '●', ERROR: '✗', DISCONNECTED: '○', PENDING: '◌' } as const;

/** One JSON object per line and change. */
export function jsonPrinter({ sink }: Session): StatusPrinter {
  const ids = new Set<string>();
  const write = async (at: Date, body: object): Promise<void> => {
    const line = { schema: 'custard.connection-status/1', at: at.toISOString(), ...body };
    await sink.write(`${safeJson(JSON.stringify(line))}\n`);
  };
  return {
    get isEmpty() {
      return ids.size === 0;
    },
    async snapshot(connections, at) {
      const now = new Set(connections.map(({ id }) => id));
      for (const id of [...ids]) if (!now.has(id)) await this.removed(id, at);
      for (const connection of connections) await this.changed(connection, at);
    },
    async changed(connection, at) {
      ids.add(connection.id);
      await write(at, { type: 'connection', connection });
    },
    async removed(id, at) {
      if (ids.delete(id)) await write(at, { type: 'removed', id });
    },
    start: () => undefined,
    stop: () => undefined,
  };
}
