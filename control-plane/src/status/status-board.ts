import { CustardError } from '#core/errors.ts';
import type { ConnectionStatus, StatusMessage } from '#core/protocol/status.ts';

type Listener = (message: StatusMessage) => void;

interface Watched {
  readonly listeners: Set<Listener>;
  /** Null until it was read for the first time. */
  known: Map<string, ConnectionStatus> | null;
  timer: NodeJS.Timeout | null;
  reading: boolean;
  /** Something changed while it was being read. */
  again: boolean;
}

export interface StatusBoardOptions {
  readonly read: (organizationId: string) => Promise<readonly ConnectionStatus[]>;
  readonly onBug: (error: unknown) => void;
  readonly limits?: { readonly clients: number; readonly clientsOfOne: number };
}

const LIMITS = { clients: 2_000, clientsOfOne: 100 };
/** What changes together is told together. */
const GATHER_MS = 50;
/** What no event of this process tells: another replica's changes, round trips. */
const LOOK_EVERY_MS = 5_000;

/** Tells whoever watches an organization how its connections change; nothing is read for those nobody watches. */
export class StatusBoard {
  readonly #options: StatusBoardOptions;
  readonly #watched = new Map<string, Watched>();
  #clients = 0;

  constructor(options: StatusBoardOptions) {
    this.#options = options;
  }

  /** A snapshot first. RATE_LIMITED when too many watch already. Call what is returned to end it. */
  watch(organizationId: string, listener: Listener): () => void {
    const watched = this.#watched.get(organizationId) ?? this.#start(organizationId);
    const { clients, clientsOfOne } = this.#options.limits ?? LIMITS;
    if (this.#clients >= clients || watched.listeners.size >= clientsOfOne) throw tooMany();
    this.#clients++;
    watched.listeners.add(listener);
    if (watched.known !== null) listener(snapshotOf(watched.known));
    return () => {
      if (!watched.listeners.delete(listener)) return;
      this.#clients--;
      if (watched.listeners.size === 0) this.#forget(organizationId);
    };
  }

  /** All of it, once more. */
  snapshot(organizationId: string): StatusMessage | null {
    const known = this.#watched.get(organizationId)?.known ?? null;
    return known === null ? null : snapshotOf(known);
  }

  /** Something of the organization may be otherwise than it was. */
  changed(organizationId: string): void {
    const watched = this.#watched.get(organizationId);
    if (watched !== undefined) this.#lookIn(organizationId, watched, GATHER_MS);
  }

  close(): void {
    for (const organizationId of [...this.#watched.keys()]) this.#forget(organizationId);
  }

  #start(organizationId: string): Watched {
    const watched: Watched = { listeners: new Set(), known: null, timer: null, reading: false, again: false };
    this.#watched.set(organizationId, watched);
    this.#lookIn(organizationId, watched, 0);
    return watched;
  }

  #forget(organizationId: string): void {
    clearTimeout(this.#watched.get(organizationId)?.timer ?? undefined);
    this.#watched.delete(organizationId);
  }

  #lookIn(organizationId: string, watched: Watched, ms: number): void {
    if (watched.reading) {
      watched.again ||= ms < LOOK_EVERY_MS;
      return;
    }
    clearTimeout(watched.timer ?? undefined);
    watched.timer = setTimeout(() => void this.#look(organizationId, watched), ms).unref();
  }

  #isWatched(organizationId: string, watched: Watched): boolean {
    return this.#watched.get(organizationId) === watched;
  }

  async #look(organizationId: string, watched: Watched): Promise<void> {
    watched.reading = true;
    watched.again = false;
    try {
      tell(watched, await this.#options.read(organizationId));
    } catch (error) {
      // Of what nobody watches any more, the database may be closed already.
      if (this.#isWatched(organizationId, watched)) this.#options.onBug(error);
    } finally {
      watched.reading = false;
      const isWatched = this.#isWatched(organizationId, watched);
      if (isWatched) this.#lookIn(organizationId, watched, watched.again ? GATHER_MS : LOOK_EVERY_MS);
    }
  }
}

function tell(watched: Watched, now: readonly ConnectionStatus[]): void {
  const before = watched.known;
  watched.known = new Map(now.map((connection) => [connection.id, connection]));
  const at = new Date().toISOString();
  const messages: StatusMessage[] =
    before === null ? [snapshotOf(watched.known)] : differences(before, watched.known, at);
  for (const message of messages) for (const listener of [...watched.listeners]) listener(message);
}

function differences(
  before: ReadonlyMap<string, ConnectionStatus>,
  now: ReadonlyMap<string, ConnectionStatus>,
  at: string,
): StatusMessage[] {
  const gone = [...before.keys()].filter((id) => !now.has(id));
  const changed = [...now.values()].filter((one) => JSON.stringify(one) !== JSON.stringify(before.get(one.id)));
  return [
    ...gone.map((id): StatusMessage => ({ type: 'removed', at, id })),
    ...changed.map((connection): StatusMessage => ({ type: 'connection', at, connection })),
  ];
}

function snapshotOf(known: ReadonlyMap<string, ConnectionStatus>): StatusMessage {
  return { type: 'snapshot', at: new Date().toISOString(), connections: [...known.values()] };
}

function tooMany(): CustardError {
  return new CustardError('RATE_LIMITED', 'Too many clients watch the status already.', {
    hint: 'End some of them, or ask now and then: GET /api/v1/connections.',
  });
}
