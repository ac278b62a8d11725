import type { DatabaseSchema } from '#core/schema.ts';
import type { Connector, DescribeOptions } from './connector.ts';

/** All pages at once, for who needs them all. */
export async function wholeSchema(
  connector: Pick<Connector, 'describe' | 'dialect'>,
  options: DescribeOptions,
): Promise<DatabaseSchema> {
  let schema: DatabaseSchema | undefined;
  await connector.describe(options, ({ tables, parents: _, ...head }) => {
    schema ??= { dialect: connector.dialect, ...head, tables: [] };
    schema.tables.push(...tables);
  });
  if (schema === undefined) throw new Error('A schema has at least one page.');
  return schema;
}
