import { CustardError, isCustardError } from '#core/errors.ts';
import type { FoundValue } from '#core/protocol/messages.ts';
import type { FindOptions } from '../connector.ts';
import type { TextRow } from '../text-row.ts';
import { batchesOf, passingOver } from '../value-look-ups.ts';
import { inScope } from './catalog-queries.ts';
import { quoteName, quoteText } from './quote.ts';
import type { Session } from './session.ts';
import { queryText } from './text-query.ts';

/** For the whole look-up; what was found by then is the answer. */
const BUDGET_MS = 1_500;
const MAX_COLUMNS = 600;
/** A table with more rows is looked into only when the smaller ones hold nothing. */
const LARGE_ROWS = 1_000_000;
/** One statement looks into so many columns or rows at most, so that a timeout loses little. */
const BATCH = { columns: 40, rows: 200_000 };
const HITS_PER_TEXT = 8;

interface Candidate {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly rows: number;
}

/** Columns that hold text, of tables the account may read, the small ones first. */
const candidatesQuery = (database: string | null): string => `
  SELECT c.TABLE_SCHEMA AS s, c.TABLE_NAME AS t, c.COLUMN_NAME AS c, COALESCE(t.TABLE_ROWS, 0) AS estimate
  FROM information_schema.COLUMNS c JOIN information_schema.TABLES t
    ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME
  WHERE ${inScope('c.TABLE_SCHEMA', database)} AND ${inScope('t.TABLE_SCHEMA', database)}
    AND t.TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') AND FIND_IN_SET('select', c.PRIVILEGES) > 0
    AND c.DATA_TYPE IN ('char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext', 'enum')
  ORDER BY estimate, s, t, c.ORDINAL_POSITION
  LIMIT ${MAX_COLUMNS}`;

/** Looks the texts up in the data, whatever their case and outer spaces, as the account may read it. */
export async function findValues(
  session: Session,
  { texts, skip, signal, database }: FindOptions & { readonly database: string | null },
): Promise<FoundValue[]> {
  const wanted = texts.filter((text) => text.trim() !== '' && !text.includes('\0'));
  if (wanted.length === 0) return [];
  const deadline = performance.now() + BUDGET_MS;
  const query = (statement: string) => {
    const timeoutMs = Math.ceil(deadline - performance.now());
    if (timeoutMs <= 0) throw new CustardError('QUERY_TIMEOUT', 'The time for looking values up is over.');
    return queryText(session, { statement, timeoutMs, signal });
  };
  const found = new Hits();
  try {
    const all = (await query(candidatesQuery(database))).map(readCandidate);
    const candidates = all.filter(({ schema, table, column }) => !skip({ schema, name: table }, column));
    for (const batch of batchesOf(candidates, BATCH)) {
      if (batch.some(({ rows }) => rows > LARGE_ROWS) && found.list.length > 0) break;
      for (const row of await passingOver(query(lookUp(batch, wanted)))) {
        const candidate = batch[row.number('candidate')];
        const text = wanted[row.number('ordinal')];
        if (candidate === undefined || text === undefined) continue;
        const { schema, table, column } = candidate;
        found.add({ text, schema, table, column, value: row.text('value') });
      }
    }
  } catch (error) {
    if (!isCustardError(error) || error.code !== 'QUERY_TIMEOUT') throw error;
  }
  return found.list;
}

const readCandidate = (row: TextRow): Candidate => ({
  schema: row.text('s'),
  table: row.text('t'),
  column: row.text('c'),
  rows: row.number('estimate'),
});

/**
 * A few rows of each column at most. Compared as utf8mb4_bin after LOWER: a column's own collation would take texts for the
 * same that only look alike.
 */
function lookUp(batch: readonly Candidate[], wanted: readonly string[]): string {
  const branches = batch.map(({ schema, table, column }, index) => {
    const value = `CONVERT(r.${quoteName(column)} USING utf8mb4)`;
    return `(SELECT DISTINCT ${index} AS candidate, w.ordinal, ${value} AS value
      FROM ${quoteName(schema)}.${quoteName(table)} r
      JOIN wanted w ON LOWER(TRIM(${value})) COLLATE utf8mb4_bin = w.text LIMIT ${wanted.length * HITS_PER_TEXT})`;
  });
  const texts = wanted.map((text, index) => {
    const lowered = `LOWER(TRIM(CONVERT(${quoteText(text)} USING utf8mb4))) COLLATE utf8mb4_bin`;
    return `SELECT ${index} AS ordinal, ${lowered} AS text`;
  });
  return `WITH wanted AS (${texts.join(' UNION ALL ')}) ${branches.join('\nUNION ALL\n')}`;
}

/** Keeps a few hits for each text. */
class Hits {
  readonly list: FoundValue[] = [];
  readonly #perText = new Map<string, number>();

  add(hit: FoundValue): void {
    const count = this.#perText.get(hit.text) ?? 0;
    if (count >= HITS_PER_TEXT) return;
    this.#perText.set(hit.text, count + 1);
    this.list.push(hit);
  }
}
