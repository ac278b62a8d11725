import type { DuckDBConnection } from '@duckdb/node-api';
import type { FoundValue } from '#core/protocol/messages.ts';
import type { SchemaTable } from '#core/schema.ts';
import type { FindCandidate, WorkerRequest } from '../file/worker-protocol.ts';
import { quoteIdentifier } from '../quote-identifier.ts';
import { describeFile } from './describe.ts';
import { query, text } from './query.ts';

/** One column is searched so far at most. */
const ROWS_PER_COLUMN = 1_000_000;
const HITS_PER_TEXT = 8;

/** Columns that hold text, those of small tables first. */
export async function findCandidates(connection: DuckDBConnection): Promise<FindCandidate[]> {
  const tables: SchemaTable[] = [];
  await describeFile(connection, { schemas: null, onPage: (page) => tables.push(...page.tables) });
  return tables
    .filter(({ kind }) => kind === 'table')
    .toSorted((a, b) => (a.rowEstimate ?? Infinity) - (b.rowEstimate ?? Infinity))
    .flatMap(({ schema, name, columns }) =>
      columns
        .filter(({ kind }) => kind === 'text')
        .map((column) => ({ schema, table: name, column: column.name, reads: [] })),
    );
}

/** Looks the texts up in the columns until the budget is over; yields each column's hits. */
export async function* findInFile(
  connection: DuckDBConnection,
  { texts, candidates, budgetMs }: Extract<WorkerRequest, { type: 'find' }>,
): AsyncGenerator<FoundValue[]> {
  const { listValue } = await import('@duckdb/node-api');
  const deadline = performance.now() + budgetMs;
  const hits = new Map<string, number>();
  const byKey = new Map(texts.map((one) => [key(one), one]));
  const wanted = listValue([...byKey.keys()]);
  for (const candidate of candidates) {
    if (performance.now() > deadline) return;
    const rows = await query(connection, lookUp(candidate, texts.length * HITS_PER_TEXT), [wanted]);
    const found = rows.flatMap((row): FoundValue[] => {
      const asked = byKey.get(key(text(row, 'value')));
      const count = hits.get(asked ?? '') ?? 0;
      if (asked === undefined || count >= HITS_PER_TEXT) return [];
      hits.set(asked, count + 1);
      const { schema, table, column } = candidate;
      return [{ text: asked, schema, table, column, value: text(row, 'value') }];
    });
    if (found.length > 0) yield found;
  }
}

function lookUp({ schema, table, column }: FindCandidate, limit: number): string {
  const name = quoteIdentifier(column);
  const from = [schema ?? 'main', table].map(quoteIdentifier).join('.');
  return `
    SELECT DISTINCT value FROM (SELECT ${name}::VARCHAR AS value FROM ${from} LIMIT ${ROWS_PER_COLUMN})
    WHERE list_contains($1::VARCHAR[], lower(trim(value))) LIMIT ${limit}`;
}

const key = (value: string): string => value.trim().toLowerCase();
