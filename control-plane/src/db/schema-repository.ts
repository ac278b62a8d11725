import { MIB } from '#core/protocol/limits.ts';
import { DatabaseSchema } from '#core/schema.ts';
import { BoundedCache } from '../bounded-cache.ts';
import type { Database } from './database.ts';

export interface StoredSchema {
  readonly schema: DatabaseSchema;
  readonly fingerprint: string;
  readonly refreshedAt: string;
}

export interface SchemaSummary {
  readonly fingerprint: string;
  readonly tableCount: number;
  readonly refreshedAt: string;
}

interface SchemaRow {
  connection_id: string;
  organization_id: string;
  fingerprint: string;
  table_count: number;
  schema: string;
  refreshed_at: string;
  created_at: string;
  updated_at: string;
}

/** How long a schema refreshed by another replica may go unseen here. */
const LOOK_MS = 30_000;
/** Characters of JSON that are kept parsed, which takes a few times as much. */
const KEEP_CHARACTERS = 64 * MIB;
const MAX_CONNECTIONS = 10_000;

interface Parsed {
  readonly stored: StoredSchema;
  /** Of its row: when the schema itself was written. */
  readonly updatedAt: string;
  readonly characters: number;
}

export class SchemaRepository {
  readonly #database: Database;
  readonly #parsed = new BoundedCache<Parsed>({ limit: KEEP_CHARACTERS });
  /** Those of `#parsed` that were found to be the stored ones a short while ago. */
  readonly #looked = new BoundedCache<true>({ limit: MAX_CONNECTIONS, keepMs: LOOK_MS });

  constructor(database: Database) {
    this.#database = database;
  }

  /** The same object for as long as the schema stays as it is: who has made something of it need not do so again. */
  async find(organizationId: string, connectionId: string): Promise<StoredSchema | null> {
    const key = `${organizationId}/${connectionId}`;
    const known = this.#parsed.get(key);
    if (known !== undefined && this.#looked.get(key) === true) return known.stored;
    const owned = { organization_id: organizationId, connection_id: connectionId };
    if (known !== undefined) {
      const head = await this.#table().where(owned).select('updated_at', 'refreshed_at').first();
      if (head?.updated_at === known.updatedAt) {
        return this.#keep(key, { ...known, stored: { ...known.stored, refreshedAt: head.refreshed_at } });
      }
    }
    const row = await this.#table().where(owned).first();
    if (row === undefined) return null;
    const schema = DatabaseSchema.parse(JSON.parse(row.schema));
    const stored = { schema, fingerprint: row.fingerprint, refreshedAt: row.refreshed_at };
    return this.#keep(key, { stored, updatedAt: row.updated_at, characters: row.schema.length });
  }

  /** By connection id, without the schemas themselves. */
  async summaries(organizationId: string): Promise<Map<string, SchemaSummary>> {
    const rows = await this.#table()
      .where({ organization_id: organizationId })
      .select('connection_id', 'fingerprint', 'table_count', 'refreshed_at');
    return new Map(
      rows.map((row) => [
        row.connection_id,
        { fingerprint: row.fingerprint, tableCount: row.table_count, refreshedAt: row.refreshed_at },
      ]),
    );
  }

  async store(organizationId: string, connectionId: string, stored: StoredSchema): Promise<void> {
    const changed = {
      fingerprint: stored.fingerprint,
      table_count: stored.schema.tables.length,
      schema: JSON.stringify(stored.schema),
      refreshed_at: stored.refreshedAt,
      updated_at: stored.refreshedAt,
    };
    await this.#table()
      .insert({
        ...{ connection_id: connectionId, organization_id: organizationId },
        ...{ ...changed, created_at: stored.refreshedAt },
      })
      .onConflict('connection_id')
      .merge(changed);
    const characters = changed.schema.length;
    this.#keep(`${organizationId}/${connectionId}`, { stored, updatedAt: changed.updated_at, characters });
  }

  /** What is stored was found to be so still: nothing but that is written. */
  async confirm(organizationId: string, connectionId: string, { refreshedAt }: StoredSchema): Promise<void> {
    await this.#table()
      .where({ organization_id: organizationId, connection_id: connectionId })
      .update({ refreshed_at: refreshedAt });
    const key = `${organizationId}/${connectionId}`;
    const known = this.#parsed.get(key);
    if (known !== undefined) this.#keep(key, { ...known, stored: { ...known.stored, refreshedAt } });
  }

  forget(): void {
    this.#parsed.clear();
    this.#looked.clear();
  }

  #keep(key: string, parsed: Parsed): StoredSchema {
    this.#parsed.set(key, parsed, parsed.characters);
    this.#looked.set(key, true);
    return parsed.stored;
  }

  #table() {
    return this.#database.knex<SchemaRow>('schema_cache');
  }
}
