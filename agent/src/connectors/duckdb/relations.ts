import type { TableName } from '#core/guard/verdict.ts';
import type { Relation } from '#core/policy/relation.ts';
import type { Task } from './task.ts';
import { ViewReads } from './view-reads.ts';

export async function findRelations(task: Task, tables: readonly TableName[]): Promise<Relation[]> {
  if (tables.length === 0) return [];
  const catalogue = await task.catalogue();
  const views = new ViewReads(task.connection, catalogue);
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
