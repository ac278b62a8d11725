import { words } from '../../words.ts';
import { readAccumulators, readWindowOutput } from './accumulators.ts';
import type { Entry, Json } from './json.ts';
import { numberOf } from './literal.ts';
import { checkPath, pathOf } from './paths.ts';
import type { Place, Reading } from './reading.ts';
import { fields, invalid, itemsOf, textOf } from './refuse.ts';
import { readSort } from './sort.ts';
import { readIfGiven } from './special-operators.ts';
import type { ReadStage } from './stage.ts';

/** Stages that make new documents out of many, and those that compute over many. */
export const GROUP_STAGES: readonly (readonly [string, ReadStage])[] = [
  ['$group', readGroup],
  ['$bucket', readBucket],
  ['$bucketAuto', readBucketAuto],
  ['$sortByCount', readSortByCount],
  ['$count', readCount],
  ['$setWindowFields', readWindows],
];

/** From here on documents hold what the statement made, by these names, and nothing else. */
function makeOnly({ flow }: Place, names: readonly string[]): void {
  flow.forgetMade();
  flow.narrow();
  for (const name of names) flow.make(name);
}

function readGroup(reading: Reading, { key, value }: Entry, place: Place): void {
  if (value.kind !== 'object') invalid(`${key} takes an object.`, value);
  const id = value.entries.find((entry) => entry.key === '_id');
  if (id === undefined) invalid('$group has to say with _id what it groups by; null is for all.', value);
  reading.expression(id.value, place);
  const others = value.entries.filter((entry) => entry !== id);
  readAccumulators(reading, others, place);
  makeOnly(
    place,
    value.entries.map((entry) => entry.key),
  );
}

function readBucket(reading: Reading, { key, value }: Entry, place: Place): void {
  const found = fields(value, key, words('groupBy boundaries default output'));
  readIfGiven(reading, found.get('groupBy')?.value, place);
  const boundaries = found.get('boundaries')?.value;
  if (boundaries !== undefined) for (const item of itemsOf(boundaries, 'boundaries')) reading.expression(item, place);
  readIfGiven(reading, found.get('default')?.value, place);
  readOutput(reading, found.get('output')?.value, place);
}

function readBucketAuto(reading: Reading, { key, value }: Entry, place: Place): void {
  const found = fields(value, key, words('groupBy buckets output granularity'));
  readIfGiven(reading, found.get('groupBy')?.value, place);
  const buckets = found.get('buckets')?.value;
  if (buckets !== undefined && numberOf(buckets) === undefined) invalid('buckets has to be a number.', buckets);
  const granularity = found.get('granularity')?.value;
  if (granularity !== undefined) textOf(granularity, 'granularity');
  readOutput(reading, found.get('output')?.value, place);
}

function readOutput(reading: Reading, output: Json | undefined, place: Place): void {
  if (output === undefined) {
    makeOnly(place, ['_id', 'count']);
    return;
  }
  if (output.kind !== 'object') invalid('output has to be an object.', output);
  readAccumulators(reading, output.entries, place);
  makeOnly(place, ['_id', ...output.entries.map((entry) => entry.key)]);
}

function readSortByCount(reading: Reading, { value }: Entry, place: Place): void {
  reading.expression(value, place);
  makeOnly(place, ['_id', 'count']);
}

function readCount(_reading: Reading, { value }: Entry, place: Place): void {
  makeOnly(place, [pathOf(value, '$count')]);
}

function readWindows(reading: Reading, { key, value }: Entry, place: Place): void {
  const found = fields(value, key, words('partitionBy sortBy output'));
  readIfGiven(reading, found.get('partitionBy')?.value, place);
  const sortBy = found.get('sortBy')?.value;
  if (sortBy !== undefined) readSort(reading, sortBy, place);
  const output = found.get('output')?.value;
  if (output?.kind !== 'object') invalid('$setWindowFields takes output, an object.', value);
  for (const entry of output.entries) {
    checkPath(entry.key, entry);
    readWindowOutput(reading, entry.value, place);
  }
  place.flow.reshape();
  for (const entry of output.entries) place.flow.make(entry.key);
}
