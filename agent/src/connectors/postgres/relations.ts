import { z } from 'zod';
import type { TableName } from '#core/guard/verdict.ts';
import type { Relation } from '#core/policy/relation.ts';
import type { TextRow } from '../text-row.ts';
import type { ExchangeOptions } from './exchange.ts';
import { RELATIONS, WITHOUT_JIT } from './relations-query.ts';

const Names = z.array(z.string());
const Tables = z.array(z.object({ schema: z.string(), name: z.string() }));
const Reads = z.array(z.object({ schema: z.string(), name: z.string(), column: z.string().nullable() }));

/** One query, whatever the number of tables; `query` runs it. */
export async function findRelations(
  tables: readonly TableName[],
  query: (options: Pick<ExchangeOptions, 'before' | 'statement' | 'parameters'>) => Promise<TextRow[]>,
): Promise<Relation[]> {
  // A NUL is in no name of PostgreSQL's, nor in its JSON.
  const asked = tables.filter(({ schema, name }) => !`${schema}${name}`.includes('\0'));
  if (asked.length === 0) return [];
  const parameters = [JSON.stringify(asked.map(({ schema, name }) => ({ schema, name })))];
  const before = { statement: WITHOUT_JIT, parameters: [], row: () => undefined };
  const rows = await query({ before, statement: RELATIONS, parameters });
  return rows.flatMap((row) => {
    const table = asked[row.number('ordinal') - 1];
    return table === undefined ? [] : [{ ...readRelation(row), asked: table }];
  });
}

function readRelation(row: TextRow): Omit<Relation, 'asked'> {
  return {
    name: { schema: row.text('schema'), name: row.text('name') },
    parents: Tables.parse(JSON.parse(row.text('parents'))),
    columns: Names.parse(JSON.parse(row.text('columns'))).map((name) => ({ name, aliases: [] })),
    reads: Reads.parse(JSON.parse(row.text('reads'))),
  };
}
