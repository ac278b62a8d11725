import { z } from 'zod';
import { DatabaseSchema, type SchemaTable } from '#core/schema.ts';
import type { Connector, DescribeOptions, SchemaPage } from '../connector.ts';
import { TableName, unusable, wrongAnswer } from './wrong-answer.ts';

interface Described {
  readonly connector: Connector;
  readonly from: string;
}

const Page = DatabaseSchema.omit({ dialect: true });
const Parents = z.map(z.unknown(), z.array(TableName));

/** Each page is looked at before it goes on; the reason that ended one ends it all, whatever the connector makes of it. */
export async function checkedPages(
  { connector, from }: Described,
  options: DescribeOptions,
  onPage: (page: SchemaPage) => void,
): Promise<void> {
  let pages = 0;
  let failure: { readonly reason: unknown } | undefined;
  const take = (given: unknown): void => {
    if (failure !== undefined) throw failure.reason;
    try {
      pages++;
      onPage(checkedPage(given, from));
    } catch (reason) {
      failure = { reason };
      throw reason;
    }
  };
  try {
    await connector.describe(options, take);
  } catch (error) {
    throw failure === undefined ? error : failure.reason;
  }
  if (failure !== undefined) throw failure.reason;
  if (pages === 0) throw unusable(from, 'describe() gives no page; a schema without tables is one empty page.');
}

/** `parents` names tables by the objects that they are: by those of the copy from here on. */
function checkedPage(given: unknown, from: string): SchemaPage {
  const page = Page.safeParse(given);
  if (!page.success) throw wrongAnswer(from, 'describe', page.error);
  const { parents } = given as Partial<SchemaPage>;
  if (parents === undefined) return page.data;
  const named = Parents.safeParse(parents);
  if (!named.success) throw wrongAnswer(from, 'describe', named.error);
  const originals = (given as { readonly tables: readonly unknown[] }).tables;
  const copies = page.data.tables.map((table, index): [SchemaTable, z.infer<typeof TableName>[]] => [
    table,
    named.data.get(originals[index]) ?? [],
  ]);
  return { ...page.data, parents: new Map(copies.filter(([, names]) => names.length > 0)) };
}
