import { isCustardError } from '#core/errors.ts';
import type { FoundValue } from '#core/protocol/messages.ts';
import type { FindOptions } from '../connector.ts';
import { quoteIdentifier } from '../quote-identifier.ts';
import { passingOver } from '../value-look-ups.ts';
import type { TextRow } from './text-query.ts';

/** For the whole look-up, of which a round trip is a large part; what was found by then is the answer. */
export const FIND_BUDGET_MS = 4_000;
const MAX_ROWS = 5_000_000;
const BATCH_COLUMNS = 40;
const HITS_PER_TEXT = 8;

/** Columns of text in tables, not views, those of small tables first. A larger table would keep the warehouse busy. */
const CANDIDATES = `
  SELECT c.TABLE_SCHEMA, c.TABLE_NAME, c.COLUMN_NAME
  FROM INFORMATION_SCHEMA.COLUMNS c
  JOIN INFORMATION_SCHEMA.TABLES t ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME
  WHERE t.TABLE_TYPE = 'BASE TABLE' AND c.DATA_TYPE = 'TEXT' AND COALESCE(t.ROW_COUNT, 0) <= ${MAX_ROWS}
  ORDER BY COALESCE(t.ROW_COUNT, 0), c.TABLE_SCHEMA, c.TABLE_NAME, c.ORDINAL_POSITION LIMIT 600`;

type Query = (statement: string, binds: readonly string[]) => Promise<TextRow[]>;
type Candidate = Pick<FoundValue, 'schema' | 'table' | 'column'>;

export async function findValues({ texts, skip }: FindOptions, query: Query): Promise<FoundValue[]> {
  const byKey = new Map(texts.filter((text) => text.trim() !== '').map((text) => [fold(text), text]));
  const found: FoundValue[] = [];
  if (byKey.size === 0) return found;
  const hits = new Map<string, number>();
  try {
    const candidates = (await query(CANDIDATES, [])).map(readCandidate);
    const open = candidates.filter(({ schema, table, column }) => !skip({ schema, name: table }, column));
    for (let at = 0; at < open.length; at += BATCH_COLUMNS) {
      const batch = open.slice(at, at + BATCH_COLUMNS);
      for (const row of await passingOver(query(lookUp(batch, byKey.size), [...byKey.keys()]))) {
        const candidate = batch[row.numberOrNull('candidate') ?? -1];
        const text = byKey.get(fold(row.text('value')));
        if (candidate === undefined || text === undefined) continue;
        const count = (hits.get(text) ?? 0) + 1;
        hits.set(text, count);
        if (count <= HITS_PER_TEXT) found.push({ text, ...candidate, value: row.text('value') });
      }
    }
  } catch (error) {
    if (!isCustardError(error) || error.code !== 'QUERY_TIMEOUT') throw error;
  }
  return found;
}

const fold = (text: string): string => text.trim().toLowerCase();

const readCandidate = (row: TextRow): Candidate => ({
  schema: row.text('table_schema'),
  table: row.text('table_name'),
  column: row.text('column_name'),
});

function lookUp(batch: readonly Candidate[], texts: number): string {
  const wanted = Array.from({ length: texts }, () => 'SELECT ? AS TEXT').join(' UNION ALL ');
  const branches = batch.map(({ schema, table, column }, index) => {
    const value = `r.${quoteIdentifier(column)}`;
    return `(SELECT DISTINCT ${index} AS CANDIDATE, ${value} AS VALUE
      FROM ${quoteIdentifier(schema ?? '')}.${quoteIdentifier(table)} r
      WHERE LOWER(TRIM(${value})) IN (SELECT TEXT FROM wanted) LIMIT ${texts * HITS_PER_TEXT})`;
  });
  return `WITH wanted AS (${wanted}) ${branches.join(' UNION ALL ')}`;
}
