import type { Document } from 'mongodb';
import { isCustardError } from '#core/errors.ts';
import type { SchemaColumn, SchemaTable } from '#core/schema.ts';
import type { SchemaPage } from '../connector.ts';
import { PageMaker } from '../page-maker.ts';
import { type CatalogEntry, listEntries } from './catalog.ts';
import type { Client } from './client.ts';
import { SampledFields } from './sampled-fields.ts';

const DESCRIBE_MS = 60_000;
/** One collection's documents, or one view's, are looked at for so long. */
const SAMPLE_MS = 3_000;
const SAMPLE = 200;
/** Of a larger collection documents are picked at random: the first ones are often the oldest. */
const SMALL_ROWS = 2_000;
const AT_ONCE = 8;

/** What documents have is found out by looking at some: MongoDB has no schema to ask for. */
export async function describeDatabase(
  client: Client,
  signal: AbortSignal,
  onPage: (page: SchemaPage) => void,
): Promise<void> {
  const deadline = performance.now() + DESCRIBE_MS;
  const version = await versionOf(client, signal);
  const pages = new PageMaker({ version, defaultSchemas: [] }, onPage);
  const waiting = await listEntries(client, { timeoutMs: DESCRIBE_MS, signal });
  // Some at a time, and in their order: that some are slow holds no more than those few up.
  while (waiting.length > 0) {
    const timeoutMs = Math.max(1, Math.min(SAMPLE_MS, deadline - performance.now()));
    const next = waiting.splice(0, AT_ONCE).map((entry) => describeEntry({ client, entry, timeoutMs, signal }));
    for (const table of await Promise.all(next)) pages.add(table);
  }
  pages.end();
}

export async function versionOf(client: Client, signal: AbortSignal): Promise<string> {
  const { version } = await client.command({ buildInfo: 1 }, { timeoutMs: DESCRIBE_MS, signal });
  return String(version);
}

interface Look {
  readonly client: Client;
  readonly entry: CatalogEntry;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

async function describeEntry(look: Look): Promise<SchemaTable> {
  const { entry } = look;
  const rowEstimate = entry.type === 'view' ? null : await orElse(null, estimate(look));
  const columns = await orElse('unknown', sampleColumns(look, rowEstimate));
  return {
    schema: null,
    name: entry.name,
    kind: entry.type === 'view' ? 'view' : 'table',
    comment: null,
    columns: typeof columns === 'string' ? [] : columns,
    primaryKey: entry.type === 'collection' ? ['_id'] : [],
    foreignKeys: [],
    uniqueKeys: entry.type === 'collection' ? await orElse([], uniqueKeys(look)) : [],
    rowEstimate,
    readable: columns !== 'denied',
  };
}

/** What one collection does not tell (no right, no time) leaves the others as they are. */
async function orElse<T, U>(fallback: U, work: Promise<T>): Promise<T | U> {
  try {
    return await work;
  } catch (error) {
    if (!isCustardError(error) || !['QUERY_FAILED', 'QUERY_TIMEOUT', ...DENIED].includes(error.code)) throw error;
    return fallback;
  }
}

const DENIED: readonly string[] = ['PERMISSION_DENIED', 'RELATION_NOT_FOUND'];

async function estimate({ client, entry, timeoutMs, signal }: Look): Promise<number> {
  const { n } = await client.command({ count: entry.name }, { timeoutMs, signal });
  return Number(n);
}

async function sampleColumns(look: Look, rows: number | null): Promise<SchemaColumn[] | 'denied'> {
  const fields = new SampledFields();
  try {
    for (const document of await sampleOf(look, rows)) fields.add(document);
  } catch (error) {
    if (isCustardError(error) && error.code === 'PERMISSION_DENIED') return 'denied';
    throw error;
  }
  return fields.columns();
}

async function sampleOf({ client, entry, timeoutMs, signal }: Look, rows: number | null): Promise<Document[]> {
  const isLarge = rows !== null && rows > SMALL_ROWS;
  const pipeline = isLarge ? [{ $sample: { size: SAMPLE } }] : [{ $limit: SAMPLE }];
  const command = { aggregate: entry.name, pipeline, cursor: {}, allowDiskUse: false };
  return await client.documents(command, { timeoutMs, signal });
}

/** Not those that leave documents out: what they hold may be there twice. */
async function uniqueKeys({ client, entry, timeoutMs, signal }: Look): Promise<string[][]> {
  const indexes = await client.documents({ listIndexes: entry.name, cursor: {} }, { timeoutMs, signal });
  return indexes
    .filter(({ unique, sparse, partialFilterExpression }) => unique === true && !sparse && !partialFilterExpression)
    .map(({ key }) => Object.keys(key));
}
