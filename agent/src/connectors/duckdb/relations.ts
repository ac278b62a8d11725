import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableName } from '#core/guard/verdict.ts';
import type { Relation } from '#core/policy/relation.ts';
import { Catalogue } from './catalog.ts';
import { ViewReads } from './view-reads.ts';

export async function findRelations(connection: DuckDBConnection, tables: readonly TableName[]): Promise<Relation[]> {
  if (tables.length === 0) return [];
  const catalogue = await Catalogue.of(connection);
  const views = new ViewReads(connection, catalogue);
  const relations: Relation[] = [];
  for (const asked of tables) {
    const entry = catalogue.find(asked);
    if (entry === undefined) continue;
    relations.push({
      asked,
      name: { schema: entry.schema, name: entry.name },
      parents: [],
      columns: entry.columns.map((name) => ({ name, aliases: [] })),
      reads: await views.of(entry),
    });
  }
  return relations;
}
