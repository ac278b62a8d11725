import type { Document } from 'mongodb';
import { Cursors } from './cursors.ts';
import { explained } from './explained.ts';
import { Failure } from './failure.ts';
import type { Store } from './store.ts';

/** Who may log in, and do what. Without users nobody has to. */
export interface Rights {
  readonly users?: Readonly<Record<string, string>>;
  /** As connectionStatus tells them. */
  readonly roles?: readonly Document[];
  readonly privileges?: readonly Document[];
  /** Collections that may not be read. */
  readonly denied?: readonly string[];
  /** A member of a replica set that takes no writes, instead of a server alone. */
  readonly isSecondary?: boolean;
}

interface Connection {
  readonly gone: AbortSignal;
  readonly session: { userName: string | null };
}

type Run = (command: Document, connection: Connection) => Document | Promise<Document>;

const VERSION = '8.0.4';
/** Reading this collection never ends and gives nothing, until somebody ends it. */
export const ENDLESS = 'endless';

/** The commands that the driver and the connector send; anything else is an unknown command. */
export class Commands {
  readonly #store: Store;
  readonly #rights: Rights;
  readonly #cursors = new Cursors();
  readonly #waiting = new Map<AbortController, string>();
  /** Names of commands, in the order they came, without those of the driver's own housekeeping. */
  readonly seen: Document[] = [];

  constructor(store: Store, rights: Rights) {
    this.#store = store;
    this.#rights = rights;
  }

  /** Statements that run, or cursors that are open. */
  get busy(): number {
    return this.#waiting.size + this.#cursors.size;
  }

  async run(command: Document, connection: Connection): Promise<Document> {
    const [name = ''] = Object.keys(command);
    const run = this.#table[name.toLowerCase()];
    if (run === undefined) throw new Failure(59, 'CommandNotFound', `no such command: '${name}'`);
    if (!OPEN.has(name.toLowerCase())) {
      this.seen.push(command);
      this.#checkRights(command, connection);
    }
    return await run(command, connection);
  }

  readonly #table: Readonly<Record<string, Run>> = {
    hello: () => this.#hello(),
    ismaster: () => this.#hello(),
    ping: () => ({ ok: 1 }),
    endsessions: () => ({ ok: 1 }),
    saslstart: (command, { session }) => this.#logIn(command, session),
    buildinfo: () => ({ version: VERSION, versionArray: [8, 0, 4, 0], ok: 1 }),
    connectionstatus: (_, { session }) => this.#status(session.userName),
    listcollections: (command) => this.#listCollections(command),
    listindexes: (command) => this.#listIndexes(command),
    count: (command) => ({ n: this.#count(command), ok: 1 }),
    distinct: (command) => ({ values: this.#distinct(command), ok: 1 }),
    aggregate: (command, connection) => this.#open(command, connection, command['aggregate']),
    find: (command, connection) => this.#open(command, connection, command['find']),
    explain: (command) => explained(this.#store, command),
    getmore: (command) => this.#cursors.more(String(command['getMore']), command['batchSize']),
    killcursors: (command) => this.#killCursors(command),
    killsessions: (command) => this.#killSessions(command),
  };

  #hello(): Document {
    return this.#rights.isSecondary ? { ...HELLO(), ...SECONDARY } : HELLO();
  }

  #checkRights(command: Document, { session }: Connection): void {
    const [name] = Object.values(command);
    if (this.#rights.users !== undefined && session.userName === null) {
      throw new Failure(13, 'Unauthorized', 'command requires authentication');
    }
    if (typeof name === 'string' && this.#rights.denied?.includes(name)) {
      throw new Failure(13, 'Unauthorized', `not authorized on shop to execute command ${JSON.stringify(command)}`);
    }
  }

  /** PLAIN only: \0user\0password. */
  #logIn(command: Document, session: Connection['session']): Document {
    const [, user = '', password] = Buffer.from(command['payload'].buffer).toString().split('\0');
    if (this.#rights.users?.[user] !== password)
      throw new Failure(18, 'AuthenticationFailed', 'Authentication failed.');
    session.userName = user;
    return { conversationId: 1, done: true, payload: Buffer.alloc(0), ok: 1 };
  }

  #status(user: string | null): Document {
    return {
      authInfo: {
        authenticatedUsers: user === null ? [] : [{ user, db: '$external' }],
        authenticatedUserRoles: user === null ? [] : (this.#rights.roles ?? []),
        authenticatedUserPrivileges: user === null ? [] : (this.#rights.privileges ?? []),
      },
      ok: 1,
    };
  }

  #listCollections(command: Document): Document {
    const { collections, views } = this.#store;
    const only = command['filter']?.name?.$in as readonly string[] | undefined;
    const rows = [
      ...[...collections.keys()].map((name) => ({ name, type: 'collection', options: {} })),
      ...[...views].map(([name, view]) => ({ name, type: 'view', options: view })),
    ].filter(({ name }) => only?.includes(name) ?? true);
    return this.#cursors.open(rows, { ns: `${command['$db']}.$cmd.listCollections`, session: '' });
  }

  #listIndexes(command: Document): Document {
    const name = String(command['listIndexes']);
    const collection = this.#store.collections.get(name);
    if (collection === undefined) throw new Failure(26, 'NamespaceNotFound', `ns does not exist: ${name}`);
    const rows = [{ v: 2, key: { _id: 1 }, name: '_id_' }, ...collection.indexes];
    return this.#cursors.open(rows, { ns: `${command['$db']}.${name}`, session: '' });
  }

  #count(command: Document): number {
    const name = String(command['count']);
    if (command['query'] === undefined) return this.#store.collections.get(name)?.count ?? 0;
    return [...this.#store.find(name, { ...command, filter: command['query'] })].length;
  }

  #distinct(command: Document): unknown[] {
    const path = `$${command['key']}`;
    const pipeline = [{ $match: command['query'] ?? {} }, { $unwind: path }, { $group: { _id: path } }];
    return [...this.#store.aggregate(String(command['distinct']), pipeline)].map((row) => row['_id']);
  }

  async #open(command: Document, connection: Connection, name: string): Promise<Document> {
    const session = sessionOf(command);
    if (name === ENDLESS) await this.#wait(command, connection, session);
    const rows = 'aggregate' in command ? this.#aggregate(command) : this.#store.find(name, command);
    const batchSize = command['batchSize'] ?? command['cursor']?.batchSize;
    return this.#cursors.open(rows, { ns: `${command['$db']}.${name}`, session, batchSize });
  }

  #aggregate(command: Document): Iterable<Document> {
    return this.#store.aggregate(String(command['aggregate']), command['pipeline'], command['let']);
  }

  /** A statement at work: what ends it is its time, its session's end or its connection's. */
  async #wait({ maxTimeMS }: Document, { gone }: Connection, session: string): Promise<void> {
    const killed = new AbortController();
    this.#waiting.set(killed, session);
    const late = new AbortController();
    const timer = maxTimeMS === undefined ? undefined : setTimeout(() => late.abort(), maxTimeMS);
    const any = AbortSignal.any([killed.signal, late.signal, gone]);
    await new Promise((resolve) => any.addEventListener('abort', resolve));
    clearTimeout(timer);
    this.#waiting.delete(killed);
    if (late.signal.aborted) throw new Failure(50, 'MaxTimeMSExpired', 'operation exceeded time limit');
    throw new Failure(11601, 'Interrupted', 'operation was interrupted');
  }

  #killCursors(command: Document): Document {
    this.#cursors.kill(command['cursors'].map(String));
    return { cursorsKilled: command['cursors'], ok: 1 };
  }

  #killSessions(command: Document): Document {
    for (const { id } of command['killSessions']) {
      const session = String(id);
      this.#cursors.killSession(session);
      for (const [killed, of] of this.#waiting) if (of === session) killed.abort();
    }
    return { ok: 1 };
  }
}

const OPEN: ReadonlySet<string> = new Set([
  'hello',
  'ismaster',
  'ping',
  'saslstart',
  'endsessions',
  'connectionstatus',
]);

const sessionOf = (command: Document): string => String(command['lsid']?.id ?? '');

const SECONDARY = {
  setName: 'rs0',
  hosts: ['127.0.0.1:1'],
  isWritablePrimary: false,
  ismaster: false,
  secondary: true,
};

const HELLO = (): Document => ({
  ...{ helloOk: true, isWritablePrimary: true, ismaster: true, readOnly: false, ok: 1 },
  ...{ maxBsonObjectSize: 16 * 1024 * 1024, maxMessageSizeBytes: 48_000_000, maxWriteBatchSize: 100_000 },
  ...{ localTime: new Date(), logicalSessionTimeoutMinutes: 30, minWireVersion: 0, maxWireVersion: 25 },
});
