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
const KEEP_MS = 30_000;
/** Characters of JSON that are kept parsed, which takes a few times as much. */
const KEEP_CHARACTERS = 64 * MIB;

export class SchemaRepository {
  readonly #database: Database;
  readonly #parsed = new BoundedCache<StoredSchema>({ limit: KEEP_CHARACTERS, keepMs: KEEP_MS });

  constructor(database: Database) {
    this.#database = database;
  }

  async find(organizationId: string, connectionId: string): Promise<StoredSchema | null> {
    const key = `${organizationId}/${connectionId}`;
    const known = this.#parsed.get(key);
    if (known !== undefined) return known;
    const row = await this.#table().where({ organization_id: organizationId, connection_id: connectionId }).first();
    if (row === undefined) return null;
    const schema = DatabaseSchema.parse(JSON.parse(row.schema));
    const stored = { schema, fingerprint: row.fingerprint, refreshedAt: row.refreshed_at };
    this.#parsed.set(key, stored, row.schema.length);
    return stored;
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
    this.#parsed.set(`${organizationId}/${connectionId}`, stored, changed.schema.length);
  }

  forget(): void {
    this.#parsed.clear();
  }

  #table() {
    return this.#database.knex<SchemaRow>('schema_cache');
  }
}
