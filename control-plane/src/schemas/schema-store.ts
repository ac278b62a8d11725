import type { Logger } from 'pino';
import { CustardError, isCustardError, toWireError } from '#core/errors.ts';
import type { SchemaChanges } from '#core/protocol/api.ts';
import { collectAll } from '#core/scavenger.ts';
import { BoundedCache } from '../bounded-cache.ts';
import type { Connection, ConnectionRepository } from '../db/connection-repository.ts';
import type { SchemaRepository, StoredSchema } from '../db/schema-repository.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { compareSchemas } from './compare-schemas.ts';

interface SchemaStoreOptions {
  readonly connections: ConnectionRepository;
  readonly schemas: SchemaRepository;
  readonly gateway: Gateway;
  readonly logger: Logger;
  /** How long a question waits for a schema that is being loaded. */
  readonly waitMs: number;
  /** What is known of the organization's schemas has changed. */
  readonly onChange: (organizationId: string) => void;
}

/** For an agent to look at everything its role may see. */
const LOAD_MS = 60_000;
/** An agent that connects brings its schema along unless the stored one is younger. */
const FRESH_MS = 10 * 60_000;

/** Used all the same, but read anew meanwhile. */
const OLD_MS = 60 * 60_000;
/** What a statement found to be otherwise is looked at anew if it is older than this. */
const DOUBTED_MS = 60_000;
/** After one that failed, or that found what was there, the next one in the background waits for so long. */
const TRY_AGAIN_MS = 60_000;

/** From so many tables on, reading a schema leaves tens of megabytes behind. */
const LARGE_TABLES = 1_000;

const MAX_ERROR_LENGTH = 1_000;

/** What says nothing about the connection's state beyond this moment. */
const PASSING: ReadonlySet<string> = new Set(['AGENT_OFFLINE', 'AGENT_LOST', 'AGENT_BUSY', 'SERVER_RESTARTING']);

/** A schema that was just read, and what that changed; null where there was none before. */
export interface LoadedSchema {
  readonly stored: StoredSchema;
  readonly changes: SchemaChanges | null;
}

const age = ({ refreshedAt }: { readonly refreshedAt: string }): number => Date.now() - Date.parse(refreshedAt);

type Owned = Pick<Connection, 'organizationId' | 'id'>;

/** The schemas of the connections' databases: asked of the agents, kept in the metadata database. */
export class SchemaStore {
  readonly #options: SchemaStoreOptions;
  readonly #loading = new Map<string, Promise<LoadedSchema>>();
  /** Connections whose schema was read in the background a short while ago. */
  readonly #tried = new BoundedCache<true>({ limit: 10_000, keepMs: TRY_AGAIN_MS });

  constructor(options: SchemaStoreOptions) {
    this.#options = options;
  }

  isLoading(connectionId: string): boolean {
    return this.#loading.has(connectionId);
  }

  /** The stored schema, or else the agent's. SCHEMA_NOT_READY when that takes too long; AGENT_OFFLINE. */
  async get(
    connection: Owned,
    { signal, maxAgeMs = Number.POSITIVE_INFINITY }: { readonly signal: AbortSignal; readonly maxAgeMs?: number },
  ): Promise<StoredSchema> {
    const stored = await this.#options.schemas.find(connection.organizationId, connection.id);
    if (stored !== null && age(stored) <= maxAgeMs) {
      if (age(stored) > OLD_MS) this.#loadInBackground(connection);
      return stored;
    }
    return (await this.#inTime(this.#load(connection), signal)).stored;
  }

  /** As it was when the agent told it last, or null. */
  async stored(connection: Owned): Promise<StoredSchema | null> {
    return await this.#options.schemas.find(connection.organizationId, connection.id);
  }

  /** A statement met a database that is not as its schema says. */
  async doubt(connection: Owned): Promise<void> {
    const stored = await this.#options.schemas.find(connection.organizationId, connection.id);
    if (stored !== null && age(stored) > DOUBTED_MS) this.#loadInBackground(connection);
  }

  /** Asks the agent anew. Who asks while that is done already gets the same answer. */
  refresh(connection: Owned, signal: AbortSignal): Promise<LoadedSchema> {
    return this.#inTime(this.#load(connection), signal);
  }

  /** Loads in the background what is missing or old. */
  async agentConnected({ organizationId, id }: Owned): Promise<void> {
    const summary = (await this.#options.schemas.summaries(organizationId)).get(id);
    if (summary !== undefined && age(summary) < FRESH_MS) return;
    await this.#load({ organizationId, id });
  }

  /** As when its agent connects, but also where the last try to read it failed. */
  async databaseRecovered(connection: Owned): Promise<void> {
    const { lastError } = await this.#options.connections.getFresh(connection.organizationId, connection.id);
    if (lastError === null) await this.agentConnected(connection);
    else await this.#load(connection);
  }

  /** Waits for loads under way, so that none of them meets a closed database. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#loading.values());
  }

  #loadInBackground(connection: Owned): void {
    if (this.#tried.get(connection.id) === true || this.#options.gateway.session(connection.id) === null) return;
    this.#tried.set(connection.id, true);
    void this.#load(connection);
  }

  #load(connection: Owned): Promise<LoadedSchema> {
    const underWay = this.#loading.get(connection.id);
    if (underWay !== undefined) return underWay;
    const load = this.#fetch(connection).finally(() => {
      this.#loading.delete(connection.id);
      this.#options.onChange(connection.organizationId);
    });
    this.#loading.set(connection.id, load);
    load.catch(() => undefined); // those who wait for it hear of it; with nobody waiting, lastError tells
    return load;
  }

  async #fetch({ organizationId, id }: Owned): Promise<LoadedSchema> {
    const { gateway, schemas, connections, logger } = this.#options;
    try {
      const known = await schemas.find(organizationId, id);
      const signal = AbortSignal.timeout(LOAD_MS);
      const described = await gateway.describe({ connectionId: id, known, signal });
      const stored = { ...described, refreshedAt: new Date().toISOString() };
      await connections.getFresh(organizationId, id); // it may have been deleted in the meantime
      if (stored.schema === known?.schema) await schemas.confirm(organizationId, id, stored);
      else await schemas.store(organizationId, id, stored);
      await connections.recordError(organizationId, id, null);
      if (stored.schema !== known?.schema && stored.schema.tables.length > LARGE_TABLES) collectAll();
      logger.info({ connectionId: id, tables: stored.schema.tables.length }, 'schema loaded');
      return { stored, changes: known === null ? null : compareSchemas(known.schema, stored.schema) };
    } catch (error) {
      const { code, message } = toWireError(error);
      logger.warn({ connectionId: id, code, ...(isCustardError(error) ? {} : { error }) }, 'schema not loaded');
      if (!PASSING.has(code))
        await connections.recordError(organizationId, id, `${code}: ${message}`.slice(0, MAX_ERROR_LENGTH));
      throw error;
    }
  }

  #inTime(load: Promise<LoadedSchema>, signal: AbortSignal): Promise<LoadedSchema> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(notReady()), this.#options.waitMs);
      const aborted = (): void => reject(signal.reason);
      signal.addEventListener('abort', aborted, { once: true });
      const settled = (): void => {
        clearTimeout(late);
        signal.removeEventListener('abort', aborted);
      };
      load.then(resolve, reject).finally(settled);
      if (signal.aborted) aborted();
    });
  }
}

function notReady(): CustardError {
  return new CustardError('SCHEMA_NOT_READY', "The database's schema is still being read.", {
    hint: 'Ask again in a moment; a large database takes longer the first time.',
  });
}
