import type { DatabaseSync } from 'node:sqlite';
import type { FoundValue } from '#core/protocol/messages.ts';
import type { FindCandidate, WorkerRequest } from '../file/worker-protocol.ts';
import { quoteIdentifier } from '../quote-identifier.ts';
import { describeTables } from './describe.ts';
import { virtualReads } from './relations.ts';

/** One column is searched so far at most. */
const ROWS_PER_COLUMN = 1_000_000;
const HITS_PER_TEXT = 8;

const VIRTUAL_TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage = 0";

/** Columns that may hold text, those of small tables first. */
export function findCandidates(database: DatabaseSync): FindCandidate[] {
  const virtual = new Set(
    database
      .prepare(VIRTUAL_TABLES)
      .all()
      .map(({ name }) => String(name)),
  );
  return [...describeTables(database)]
    .filter(({ kind }) => kind === 'table')
    .toSorted((a, b) => (a.rowEstimate ?? Infinity) - (b.rowEstimate ?? Infinity))
    .flatMap(({ name, columns }) => {
      const reads = virtual.has(name) ? virtualReads(database, name) : [];
      return columns
        .filter(({ kind }) => kind === 'text' || kind === 'other')
        .map((column) => ({ schema: null, table: name, column: column.name, reads }));
    });
}

/**
 * Looks the texts up in the columns until the budget is over; yields each column's hits. SQLite's lower() knows ASCII
 * only, so the spellings that JavaScript makes of a text are compared as well.
 */
export function* findInFile(
  database: DatabaseSync,
  { texts, candidates, budgetMs }: Extract<WorkerRequest, { type: 'find' }>,
): Generator<FoundValue[]> {
  const deadline = performance.now() + budgetMs;
  const hits = new Map<string, number>();
  for (const { table, column } of candidates) {
    if (performance.now() > deadline) return;
    const found: FoundValue[] = [];
    for (const { text, value } of lookUp(database, { table, column, texts })) {
      const count = hits.get(text) ?? 0;
      if (count >= HITS_PER_TEXT) continue;
      hits.set(text, count + 1);
      found.push({ text, schema: null, table, column, value });
    }
    if (found.length > 0) yield found;
  }
}

interface LookUp {
  readonly table: string;
  readonly column: string;
  readonly texts: readonly string[];
}

function lookUp(database: DatabaseSync, { table, column, texts }: LookUp): { text: string; value: string }[] {
  const name = quoteIdentifier(column);
  const byKey = new Map(texts.map((text) => [key(text), text]));
  const spellings = new Set([...texts, ...texts.flatMap((text) => [key(text), text.trim().toUpperCase()])]);
  const statement = `
    SELECT DISTINCT ${name} AS value FROM (SELECT ${name} FROM ${quoteIdentifier(table)} LIMIT ${ROWS_PER_COLUMN})
    WHERE typeof(${name}) = 'text' AND (lower(trim(${name})) IN (SELECT lower(value) FROM json_each(?1))
      OR ${name} IN (SELECT value FROM json_each(?1)))
    LIMIT ${texts.length * HITS_PER_TEXT}`;
  try {
    return database
      .prepare(statement)
      .all(JSON.stringify([...spellings]))
      .flatMap((row) => {
        const value = String(row['value']);
        const text = byKey.get(key(value));
        return text === undefined ? [] : [{ text, value }];
      });
  } catch {
    return []; // a virtual table whose module is not built in
  }
}

const key = (text: string): string => text.trim().toLowerCase();
