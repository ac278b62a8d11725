import { loadGuard } from '#core/guard/load-guard.ts';
import type { TableName } from '#core/guard/verdict.ts';
import type { Relation, RelationRead } from '#core/policy/relation.ts';
import type { RelationsOptions } from '../connector.ts';
import { type CatalogEntry, listEntries } from './catalog.ts';
import type { Client } from './client.ts';

const RELATIONS_MS = 2_000;
/** Views may stand on views; MongoDB allows 20 levels. */
const MAX_DEPTH = 20;
/** What a view reads that nobody can tell: any rule has to be taken to hold for it. */
const ANYTHING: RelationRead = { schema: null, name: '*', column: null };

/** What a statement would find under these names. A collection's fields nobody can list, so that its relation is open. */
export async function findRelations(client: Client, { tables, signal }: RelationsOptions): Promise<Relation[]> {
  if (tables.length === 0) return [];
  const here = ({ schema }: TableName) => schema === null || schema === client.settings.database;
  const entries = await listEntries(client, { timeoutMs: RELATIONS_MS, signal });
  const views = new ViewReads(client, entries);
  const found: Relation[] = [];
  for (const asked of tables) {
    const entry = here(asked) ? entries.find(({ name }) => name === asked.name) : undefined;
    if (entry === undefined) continue;
    found.push({
      asked,
      name: { schema: null, name: entry.name },
      parents: [],
      columns: [],
      isOpen: true,
      reads: entry.type === 'view' ? await views.of(entry) : [],
    });
  }
  return found;
}

/** What views read, by the word of our own guard on their pipelines. */
class ViewReads {
  readonly #client: Client;
  readonly #entries: ReadonlyMap<string, CatalogEntry>;

  constructor(client: Client, entries: readonly CatalogEntry[]) {
    this.#client = client;
    this.#entries = new Map(entries.map((entry) => [entry.name, entry]));
  }

  async of({ view }: CatalogEntry, depth = 0): Promise<RelationRead[]> {
    if (view === null || depth > MAX_DEPTH) return [ANYTHING];
    const { EJSON } = this.#client.driver.BSON;
    const statement = EJSON.stringify({ collection: view.viewOn, pipeline: view.pipeline }, { relaxed: false });
    const verdict = await (await loadGuard('mongodb')).check(statement);
    if (verdict.verdict === 'deny') return [ANYTHING];
    const reads = verdict.columnUses.flatMap(({ tables, name }) =>
      tables.map((table): RelationRead => ({ ...table, column: name === '*' ? null : name })),
    );
    const unread = verdict.tables.filter((table) => !reads.some((read) => read.name === table.name));
    const own = [...reads, ...unread.map((table): RelationRead => ({ ...table, column: null }))];
    return [...own, ...(await this.#behind(verdict.tables, depth))];
  }

  /** A view that is read is in turn what it reads. */
  async #behind(tables: readonly TableName[], depth: number): Promise<RelationRead[]> {
    const reads: RelationRead[] = [];
    for (const { name } of tables) {
      const entry = this.#entries.get(name);
      if (entry?.type === 'view') reads.push(...(await this.of(entry, depth + 1)));
    }
    return reads;
  }
}
