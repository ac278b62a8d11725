import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { quoteIdentifier } from '../quote-identifier.ts';

const BUSY_TIMEOUT_MS = 2_000;
/** One value at most; a larger one could not be sent as a row anyway. */
const VALUE_BYTES = 64 * 1024 * 1024;

export class NoSuchFile extends Error {}

/** Opens an existing file for reading. Throws NoSuchFile and node:sqlite's errors. */
export function openFile(path: string): DatabaseSync {
  if (!isFile(path)) throw new NoSuchFile();
  const database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS, allowExtension: false });
  database.limits.length = VALUE_BYTES;
  database.exec('PRAGMA query_only = ON');
  connectVirtualTables(database);
  return database;
}

/** Their modules prepare statements of their own when first used, which the authorizer would refuse. */
function connectVirtualTables(database: DatabaseSync): void {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage = 0").all();
  for (const { name } of tables) {
    try {
      database.prepare(`SELECT 1 FROM ${quoteIdentifier(String(name))} LIMIT 0`).all();
    } catch {
      // Its module is not built in: a statement that uses it will say so.
    }
  }
}

/** SQLite calls a folder a disk error. Where we may not even look, SQLite says so. */
function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    return true; // no right to look: SQLite's own error tells
  }
}
