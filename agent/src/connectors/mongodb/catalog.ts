import type { Document } from 'mongodb';
import { isCustardError } from '#core/errors.ts';
import type { Client, CommandOptions } from './client.ts';

export interface CatalogEntry {
  readonly name: string;
  readonly type: 'collection' | 'view' | 'timeseries';
  /** Of a view that the role may know the definition of. */
  readonly view: { readonly viewOn: string; readonly pipeline: readonly Document[] } | null;
}

/** The database's collections and views, without MongoDB's own. A role with few rights sees those it may read. */
export async function listEntries(
  client: Client,
  options: CommandOptions & { readonly names?: readonly string[] },
): Promise<CatalogEntry[]> {
  const { names } = options;
  const command = { listCollections: 1, ...(names === undefined ? {} : { filter: { name: { $in: names } } }) };
  const entries = await client.documents(command, options).catch((error: unknown) => {
    if (!isCustardError(error) || error.code !== 'PERMISSION_DENIED') throw error;
    return client.documents({ ...command, nameOnly: true, authorizedCollections: true }, options);
  });
  return entries
    .map(readEntry)
    .filter(({ name }) => !name.startsWith('system.'))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function readEntry({ name, type, options }: Document): CatalogEntry {
  const isView = type === 'view' && typeof options?.viewOn === 'string';
  return {
    name: String(name),
    type: type === 'view' || type === 'timeseries' ? type : 'collection',
    view: isView ? { viewOn: options.viewOn, pipeline: options.pipeline ?? [] } : null,
  };
}

/** Whether the database has it; taken for granted where the role may not look. */
export async function exists(client: Client, name: string, options: CommandOptions): Promise<boolean> {
  try {
    return (await listEntries(client, { ...options, names: [name] })).length > 0;
  } catch {
    return true; // what was asked has its answer; only the better error is lost
  }
}
