import { escapeIdentifier } from 'pg';
import { CustardError, isCustardError } from '#core/errors.ts';
import type { FoundValue } from '#core/protocol/messages.ts';
import type { FindOptions } from '../connector.ts';
import { batchesOf, passingOver } from '../value-look-ups.ts';
import type { ExchangeOptions } from './exchange.ts';
import { CANDIDATES, type Candidate, readCandidate, withoutSkipped } from './find-candidates.ts';
import { findRelations } from './relations.ts';
import type { Session } from './session.ts';
import { queryText } from './text-query.ts';

/** For the whole look-up; what was found by then is the answer. */
const BUDGET_MS = 1_500;
/** A table with more rows is looked into only when the smaller ones hold nothing. */
const LARGE_ROWS = 1_000_000;
/** One statement looks into so many columns or rows at most, so that a timeout loses little. */
const BATCH = { columns: 40, rows: 200_000 };
const HITS_PER_TEXT = 8;

/** Looks the texts up in the data, whatever their case and outer spaces, as the role may read it. */
export async function findValues(session: Session, { texts, skip, signal }: FindOptions): Promise<FoundValue[]> {
  // PostgreSQL has no NUL in a text.
  const wanted = texts.filter((text) => text.trim() !== '' && !text.includes('\0'));
  if (wanted.length === 0) return [];
  const deadline = performance.now() + BUDGET_MS;
  const query = (asked: Pick<ExchangeOptions, 'before' | 'statement' | 'parameters'>) => {
    const timeoutMs = Math.ceil(deadline - performance.now());
    if (timeoutMs <= 0) throw new CustardError('QUERY_TIMEOUT', 'The time for looking values up is over.');
    return queryText(session, { ...asked, timeoutMs, signal });
  };
  const found = new Hits();
  try {
    const candidates = await withoutSkipped((await query({ statement: CANDIDATES })).map(readCandidate), {
      skip,
      relations: (tables) => findRelations(tables, query),
    });
    const parameters = [JSON.stringify(wanted)];
    for (const batch of batchesOf(candidates, BATCH)) {
      if (batch.some(({ rows }) => rows > LARGE_ROWS) && found.size > 0) break;
      for (const row of await passingOver(
        query({ statement: lookUp(batch, wanted.length * HITS_PER_TEXT), parameters }),
      )) {
        const candidate = batch[row.number('candidate')];
        const text = wanted[row.number('ordinal') - 1];
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

/** `limit` rows of each column at most. */
function lookUp(batch: readonly Candidate[], limit: number): string {
  const branches = batch.map(({ schema, table, column }, index) => {
    const value = `r.${escapeIdentifier(column)}::pg_catalog.text`;
    return `(SELECT DISTINCT ${index} AS candidate, w.ordinal, ${value} AS value
      FROM ${escapeIdentifier(schema)}.${escapeIdentifier(table)} r
      JOIN wanted w ON pg_catalog.lower(pg_catalog.btrim(${value})) = w.text LIMIT ${limit})`;
  });
  return `WITH wanted AS MATERIALIZED (
      SELECT pg_catalog.lower(pg_catalog.btrim(value)) AS text, ordinal
      FROM pg_catalog.json_array_elements_text($1::pg_catalog.json) WITH ORDINALITY AS t (value, ordinal))
    ${branches.join('\nUNION ALL\n')}`;
}

/** Keeps a few hits for each text. */
class Hits {
  readonly list: FoundValue[] = [];
  readonly #perText = new Map<string, number>();

  get size(): number {
    return this.list.length;
  }

  add(hit: FoundValue): void {
    const count = this.#perText.get(hit.text) ?? 0;
    if (count >= HITS_PER_TEXT) return;
    this.#perText.set(hit.text, count + 1);
    this.list.push(hit);
  }
}
