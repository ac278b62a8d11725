import type { Document } from 'mongodb';
import { cellText } from './cells.ts';
import { tagged } from './ejson.ts';
import type { ReadStatement } from './statement.ts';

type Fields = readonly string[] | null;

/**
 * The top-level fields that a statement's documents can have, where the statement itself says so: after a $group, a
 * projection that names what it keeps, a $count. Null where they are as they are stored.
 */
export function statementFields({ kind, command }: ReadStatement): Fields {
  switch (kind) {
    case 'count':
      return ['count'];
    case 'distinct':
      return [String(command['key'])];
    case 'find':
      return command['projection'] === undefined ? null : projected(command['projection'], null, 'find');
    default:
      return pipelineFields(command['pipeline']);
  }
}

function pipelineFields(pipeline: readonly Document[]): Fields {
  return pipeline.reduce<Fields>((fields, stage) => {
    const [name = ''] = Object.keys(stage);
    return Object.hasOwn(STAGES, name) ? (STAGES[name]?.(stage[name], fields) ?? null) : null;
  }, null);
}

type After = (body: Document, before: Fields) => Fields;

const same: After = (_, before) => before;
const adding =
  (names: (body: Document) => readonly string[]): After =>
  (body, before) =>
    before === null ? null : distinct([...before, ...names(body).map(top)]);
const keys = (body: Document): string[] => Object.keys(body);
const bucket: After = (body) => ['_id', ...(body['output'] === undefined ? ['count'] : keys(body['output']))];
const added = adding(keys);
const joined = adding((body) => [String(body['as'])]);

/** After any other stage the fields are not known. */
const STAGES: Readonly<Record<string, After>> = {
  $match: same,
  $sort: same,
  $limit: same,
  $skip: same,
  $sample: same,
  $unset: (body, before) => without(before, Array.isArray(body) ? body.map(String) : [String(body)]),
  $addFields: added,
  $set: added,
  $lookup: joined,
  $graphLookup: joined,
  $setWindowFields: adding((body) => keys(body['output'] ?? {})),
  $unwind: adding((body) => (body['includeArrayIndex'] ? [String(body['includeArrayIndex'])] : [])),
  $group: keys,
  $facet: keys,
  $bucket: bucket,
  $bucketAuto: bucket,
  $count: (body) => [String(body)],
  $sortByCount: () => ['_id', 'count'],
  $project: (body, before) => projected(body, before, 'stage'),
};

/** Narrow is only what certainly is. */
function projected(projection: Document, before: Fields, kind: 'stage' | 'find'): Fields {
  const items = Object.entries(projection).filter(([key]) => key !== '_id');
  const gone = Object.entries(projection).filter(([, value]) => isFlag(value) && excludes(value));
  const rest = without(
    before,
    gone.map(([key]) => key),
  );
  if (items.length === 0) return gone.length === 0 && isFlag(projection['_id']) ? ['_id'] : rest;
  if (items.some(([, value]) => excludes(value))) return rest;
  if (kind === 'find' && items.some(([, value]) => isOperator(value))) return null;
  const id = projection['_id'];
  const withId = id === undefined || !isFlag(id) || !excludes(id);
  return distinct([...(withId ? ['_id'] : []), ...items.map(([key]) => top(key))]);
}

/** Of `a.b` the rest of a stays. */
const without = (fields: Fields, gone: readonly string[]): Fields =>
  fields === null ? null : fields.filter((name) => !gone.includes(name));

const isOperator = (value: unknown): boolean => isPlain(value) && Object.keys(value).some((key) => key.startsWith('$'));

function isFlag(value: unknown): boolean {
  return typeof value === 'boolean' || ['Int32', 'Long', 'Double', 'Decimal128'].includes(classOf(value));
}

/** Whether an item, or one inside of it, takes a field away. */
function excludes(value: unknown): boolean {
  if (isFlag(value)) return value === false || Number(cellText(value)) === 0;
  return isPlain(value) && !isOperator(value) && Object.values(value).some(excludes);
}

const classOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? (tagged(value)?._bsontype ?? '') : '';

const isPlain = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && tagged(value) === null;

const top = (path: string): string => path.split('.', 1)[0] ?? path;
const distinct = (names: readonly string[]): string[] => [...new Set(names)];
