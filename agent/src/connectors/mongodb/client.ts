import { setTimeout as delay } from 'node:timers/promises';
import type {
  ClientSession,
  Db,
  Document,
  MongoClient,
  MongoClientOptions,
  ReadPreference,
  ServerHeartbeatFailedEvent,
} from 'mongodb';
import { CustardError } from '#core/errors.ts';
import { MAX_TIMEOUT_MS } from '#core/protocol/limits.ts';
import { Interruption } from '../interruption.ts';
import type { MongodbSettings } from '../settings.ts';
import { type ClientArguments, clientArguments } from './client-options.ts';
import { type Driver, loadDriver } from './driver.ts';
import { fromDriverError, unreachable } from './errors.ts';

const SESSIONS = 10;
const IDLE_MS = 5 * 60_000;
const WAIT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** For a look at whether a server is there and is asked again: the driver itself would try for half a minute. */
const GONE: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOTFOUND']);

/** Exactly what is stored: every BSON type in a class of its own. */
export const EXACT = { promoteValues: false, promoteBuffers: false, bsonRegExp: true } as const;

const OPTIONS: MongoClientOptions = {
  appName: 'custard',
  maxIdleTimeMS: IDLE_MS,
  waitQueueTimeoutMS: WAIT_MS,
  connectTimeoutMS: CONNECT_TIMEOUT_MS,
  serverSelectionTimeoutMS: CONNECT_TIMEOUT_MS,
};

/** Longer than any statement may run. */
const LEFT_MS = MAX_TIMEOUT_MS + 60_000;

/** What was sent to end a session is waited for so long. */
const KILL_WAIT_MS = 1_000;

export interface SessionContext {
  readonly database: Db;
  /** What every command is sent with: the session, where to read, and values as they are stored. */
  readonly reading: Reading;
  readonly interruption: Interruption;
}

type Reading = typeof EXACT & { readonly session: ClientSession; readonly readPreference: ReadPreference };

export interface CommandOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The driver's client, which keeps the connections; connected when it is first needed. */
export class Client {
  readonly #settings: MongodbSettings;
  readonly driver: Driver;
  #connecting: Promise<MongoClient> | undefined;
  /** The URL of what is connected, when it holds a password that may change. */
  #connectedWith: string | undefined;
  readonly #left = new Set<MongoClient>();

  private constructor(settings: MongodbSettings, driver: Driver) {
    this.#settings = settings;
    this.driver = driver;
  }

  static async open(settings: MongodbSettings): Promise<Client> {
    if (settings.database === '') {
      throw new CustardError('CONFIG_INVALID', 'The MongoDB URL names no database.', {
        hint: 'Write it after the hosts: mongodb://host:27017/shop',
      });
    }
    return new Client(settings, await loadDriver());
  }

  get settings(): MongodbSettings {
    return this.#settings;
  }

  /** For reads: the URL's, or what the server does by itself. */
  get readConcernLevel(): string {
    const given = [...new URLSearchParams(this.#settings.options)].find(([name]) => /^readConcernLevel$/i.test(name));
    return given?.[1] ?? 'local';
  }

  /** DATABASE_UNREACHABLE, DATABASE_AUTH_FAILED, CONFIG_INVALID. */
  async connected(): Promise<MongoClient> {
    await this.#leaveOldPassword();
    this.#connecting ??= this.#connect();
    try {
      return await this.#connecting;
    } catch (error) {
      this.#connecting = undefined; // the next one tries again
      throw fromDriverError(error);
    }
  }

  /** One command with one answer, bounded in time here and in the server. */
  async command(command: Document, options: CommandOptions): Promise<Document> {
    return await this.#limited(options, async ({ database, reading, interruption }) => {
      const limited = { ...command, ...(isUnlimited(command) ? {} : { maxTimeMS: interruption.remainingMs }) };
      return await interruption.race(database.command(limited, { ...reading, signal: interruption.signal }));
    });
  }

  /** All documents of a command with a cursor; for what is known to be few. */
  async documents(command: Document, options: CommandOptions): Promise<Document[]> {
    return await this.#limited(options, async ({ database, reading, interruption }) => {
      const limited = { ...command, maxTimeMS: interruption.remainingMs };
      const cursor = database.runCursorCommand(limited, reading);
      return await interruption.race(cursor.toArray());
    });
  }

  /**
   * Work in a session of its own. When it is interrupted, the session is ended in the server with all that it runs and
   * has open, wherever that is; a user may do so with its own sessions.
   */
  async inSession<T>(interruption: Interruption, work: (context: SessionContext) => Promise<T>): Promise<T> {
    const client = await interruption.race(this.connected());
    const session = client.startSession({ causalConsistency: false });
    try {
      const reading = { ...EXACT, session, readPreference: client.readPreference };
      return await work({ database: client.db(this.#settings.database), reading, interruption });
    } finally {
      if (interruption.signal.aborted) await this.#kill(client, session);
      await session.endSession();
    }
  }

  async #limited<T>(options: CommandOptions, work: (context: SessionContext) => Promise<T>): Promise<T> {
    using interruption = new Interruption(options);
    try {
      return await this.inSession(interruption, work);
    } catch (error) {
      throw interruption.signal.aborted ? interruption.signal.reason : fromDriverError(error);
    }
  }

  async #kill(client: MongoClient, session: ClientSession): Promise<void> {
    const { readPreference } = client;
    const killed = client.db(this.#settings.database).command({ killSessions: [session.id] }, { readPreference });
    // If it cannot be told, the statement's own time limit ends it there.
    await Promise.race([killed.catch(() => undefined), delay(KILL_WAIT_MS, undefined, { ref: false })]);
  }

  async close(): Promise<void> {
    const client = await this.#connecting?.catch(() => undefined);
    await client?.close();
    for (const left of this.#left) {
      this.#left.delete(left);
      await left.close();
    }
  }

  /** The driver logs in with the password that its client was made with: for a changed one it takes a new client. */
  async #leaveOldPassword(): Promise<void> {
    const used = this.#connectedWith;
    if (this.#settings.passwordFile === undefined || used === undefined) return;
    const { url } = await this.#arguments();
    // Of several that see the change, one leaves.
    if (url === used || this.#connectedWith !== used) return;
    const old = this.#connecting;
    this.#connecting = undefined;
    this.#connectedWith = undefined;
    // What still runs there may end.
    void old?.then((client) => this.#leave(client)).catch(() => undefined);
  }

  async #leave(client: MongoClient): Promise<void> {
    this.#left.add(client);
    await delay(LEFT_MS, undefined, { ref: false });
    if (this.#left.delete(client)) await client.close();
  }

  #arguments(): Promise<ClientArguments> {
    return clientArguments(this.#settings, { ...OPTIONS, maxPoolSize: this.#settings.sessions ?? SESSIONS });
  }

  async #connect(): Promise<MongoClient> {
    const { url, options } = await this.#arguments();
    const client = new this.driver.MongoClient(url, options);
    this.#connectedWith = url;
    const hosts = this.#settings.srv ? Number.POSITIVE_INFINITY : this.#settings.hosts.split(',').length;
    const gone = Promise.withResolvers<never>();
    const failed = new Set<string>();
    const onFailure = ({ connectionId, failure }: ServerHeartbeatFailedEvent) => {
      const error = unreachable(failure);
      if (GONE.has(error.details.engineCode)) failed.add(connectionId);
      if (failed.size >= hosts) gone.reject(error);
    };
    client.on('serverHeartbeatFailed', onFailure);
    try {
      const connecting = client.connect();
      connecting.catch(() => undefined);
      return await Promise.race([connecting, gone.promise]);
    } catch (error) {
      await client.close();
      throw error;
    } finally {
      client.off('serverHeartbeatFailed', onFailure);
    }
  }
}

/** It is about the connection, and asks nothing of the data. */
const isUnlimited = (command: Document): boolean => 'connectionStatus' in command;
