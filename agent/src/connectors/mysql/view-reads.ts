import type { Guard } from '#core/guard/verdict.ts';
import type { RelationRead } from '#core/policy/relation.ts';

interface DefinitionOptions {
  readonly guard: Guard;
  /** Where names without a schema are. */
  readonly schema: string;
}

type NamedRead = RelationRead & { readonly schema: string };

/**
 * What a view's SELECT names, as the server keeps it. Null where nobody can tell: the account may not see the definition
 * (SHOW VIEW), or it holds what the guard refuses, such as a function of somebody's own, which may read anything.
 */
export async function readsOfDefinition(
  definition: string,
  { guard, schema }: DefinitionOptions,
): Promise<readonly NamedRead[] | null> {
  if (definition === '') return null;
  const verdict = await guard.check(definition);
  if (verdict.verdict === 'deny') return null;
  const reads: NamedRead[] = verdict.columnUses.flatMap(({ tables, name }) =>
    tables.map((table) => ({
      schema: table.schema ?? schema,
      name: table.name,
      column: name === '*' ? null : name,
    })),
  );
  const named = new Set(reads.map((read) => JSON.stringify([read.schema, read.name])));
  for (const table of verdict.tables) {
    const read = { schema: table.schema ?? schema, name: table.name, column: null };
    if (!named.has(JSON.stringify([read.schema, read.name]))) reads.push(read);
  }
  return reads;
}
