import type { Document } from 'mongodb';
import { isCustardError } from '#core/errors.ts';
import type { TableName } from '#core/guard/verdict.ts';
import type { FoundValue } from '#core/protocol/messages.ts';
import type { SchemaTable } from '#core/schema.ts';
import type { FindOptions } from '../connector.ts';
import { Interruption } from '../interruption.ts';
import type { Client, CommandOptions } from './client.ts';

/** For the whole look-up; what was found by then is the answer. */
const BUDGET_MS = 1_500;
/** One collection gets so much of it. */
const PER_COLLECTION_MS = 500;
/** Of a larger collection no more is looked into. */
const MAX_DOCUMENTS = 200_000;
const MAX_PATHS = 60;
const HITS_PER_TEXT = 8;

/** Looks the texts up in the fields that hold text, whatever their case; the small collections first. */
export async function findValues(
  client: Client,
  { texts, skip, signal }: FindOptions,
  known: () => Promise<readonly SchemaTable[]>,
): Promise<FoundValue[]> {
  const wanted = new Map(texts.filter((text) => text.trim() !== '').map((text) => [key(text), text]));
  if (wanted.size === 0) return [];
  const deadline = performance.now() + BUDGET_MS;
  const tables = await tablesWithin(known(), { timeoutMs: BUDGET_MS, signal });
  const collections = tables
    .filter(({ kind, readable }) => kind === 'table' && readable)
    .toSorted((a, b) => (a.rowEstimate ?? Infinity) - (b.rowEstimate ?? Infinity));
  const hits = new Hits(wanted);
  for (const table of collections) {
    const timeoutMs = Math.min(PER_COLLECTION_MS, deadline - performance.now());
    if (timeoutMs <= 0) break;
    const paths = textPaths(table, skip);
    if (paths.length === 0) continue;
    const documents = await client
      .documents(lookUp(table.name, paths, wanted), { timeoutMs, signal })
      .catch(ignoreFailure);
    for (const document of documents) for (const path of paths) hits.add(table.name, path, valuesAt(document, path));
  }
  return hits.list;
}

/** None, if the fields are not known in time. */
async function tablesWithin(
  known: Promise<readonly SchemaTable[]>,
  options: CommandOptions,
): Promise<readonly SchemaTable[]> {
  using interruption = new Interruption(options);
  try {
    return await interruption.race(known);
  } catch (error) {
    if (isCustardError(error) && error.code === 'QUERY_TIMEOUT') return [];
    throw error;
  }
}

/** A collection that cannot be read in time is passed over. */
function ignoreFailure(error: unknown): Document[] {
  const codes = ['QUERY_TIMEOUT', 'QUERY_FAILED', 'PERMISSION_DENIED', 'RELATION_NOT_FOUND'];
  if (isCustardError(error) && codes.includes(error.code)) return [];
  throw error;
}

function textPaths({ name, columns }: SchemaTable, skip: FindOptions['skip']): string[] {
  const table: TableName = { schema: null, name };
  return columns
    .filter(({ type, name: path }) => /\bstring\b/.test(type) && !skip(table, path))
    .map((column) => column.name)
    .slice(0, MAX_PATHS);
}

function lookUp(collection: string, paths: readonly string[], wanted: ReadonlyMap<string, string>): Document {
  const patterns = [...wanted.values()].map((text) => new RegExp(`^\\s*${escaped(text.trim())}\\s*$`, 'iu'));
  const $or = paths.map((path) => ({ [path]: { $in: patterns } }));
  return {
    aggregate: collection,
    pipeline: [
      { $limit: MAX_DOCUMENTS },
      { $match: { $or } },
      { $limit: wanted.size * HITS_PER_TEXT },
      { $project: Object.fromEntries(topmost(paths).map((path) => [path, 1])) },
    ],
    cursor: {},
    allowDiskUse: false,
  };
}

/** A projection takes no path together with one inside of it. */
const topmost = (paths: readonly string[]): string[] =>
  paths.filter((path) => !paths.some((other) => path.startsWith(`${other}.`)));

/** As PCRE2 reads it, whose special characters are not all JavaScript's. */
const escaped = (text: string): string => text.replaceAll(/[$()*+.?[\\\]^{|}/]/g, '\\$&');

function valuesAt(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  if (path === '') return typeof value === 'string' ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  // A field's own name may hold dots.
  return Object.entries(value).flatMap(([name, inner]) => {
    if (name === path) return valuesAt(inner, '');
    return path.startsWith(`${name}.`) ? valuesAt(inner, path.slice(name.length + 1)) : [];
  });
}

const key = (text: string): string => text.trim().toLowerCase();

/** Keeps a few different hits for each text. */
class Hits {
  readonly list: FoundValue[] = [];
  readonly #wanted: ReadonlyMap<string, string>;
  readonly #counts = new Map<string, number>();
  readonly #seen = new Set<string>();

  constructor(wanted: ReadonlyMap<string, string>) {
    this.#wanted = wanted;
  }

  add(table: string, column: string, values: readonly string[]): void {
    for (const value of values) {
      const text = this.#wanted.get(key(value));
      const identity = JSON.stringify([table, column, value]);
      const count = this.#counts.get(text ?? '') ?? 0;
      if (text === undefined || this.#seen.has(identity) || count >= HITS_PER_TEXT) continue;
      this.#seen.add(identity);
      this.#counts.set(text, count + 1);
      this.list.push({ text, schema: null, table, column, value });
    }
  }
}
