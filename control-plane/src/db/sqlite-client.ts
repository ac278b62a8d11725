import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import BetterSqlite3Client from 'knex/lib/dialects/better-sqlite3/index.js';
import { z } from 'zod';
import { whenFree } from './when-free.ts';

const Settings = z.object({ filename: z.string() });

/** WAL: readers and the writer do not wait for one another; a commit outlives this process, if not a power cut. */
const SETTINGS = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON';

interface Query {
  readonly sql: string;
  readonly bindings?: readonly unknown[];
  response?: unknown;
  context?: { readonly lastID: number | bigint; readonly changes: number | bigint };
}

/** knex's better-sqlite3 dialect on Node's own SQLite. */
export class NodeSqliteClient extends BetterSqlite3Client {
  _driver(): typeof DatabaseSync {
    return DatabaseSync;
  }

  override async acquireRawConnection(): Promise<DatabaseSync> {
    const connection = new DatabaseSync(Settings.parse(this.connectionSettings).filename);
    await whenFree(() => connection.exec(SETTINGS));
    return connection;
  }

  async _query(connection: DatabaseSync, query: Query): Promise<Query> {
    // A deferred transaction that writes after it has read fails at once when another process wrote in between.
    const sql = query.sql === 'BEGIN;' ? 'BEGIN IMMEDIATE' : query.sql;
    const bindings = this._formatBindings(query.bindings) as SQLInputValue[];
    return await whenFree(() => {
      const statement = connection.prepare(sql);
      if (statement.columns().length > 0) return Object.assign(query, { response: statement.all(...bindings) });
      const { lastInsertRowid, changes } = statement.run(...bindings);
      return Object.assign(query, { response: { changes }, context: { lastID: lastInsertRowid, changes } });
    });
  }
}
