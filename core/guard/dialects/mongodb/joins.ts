import type { TableName } from '../../verdict.ts';
import { words } from '../../words.ts';
import { Flow } from './flow.ts';
import { type Entry, type Json, memberOf } from './json.ts';
import { numberOf } from './literal.ts';
import { checkPath, pathOf } from './paths.ts';
import type { Place, Reading } from './reading.ts';
import { fields, invalid, textOf } from './refuse.ts';
import { define, readIfGiven } from './special-operators.ts';

const LOOKUP = words('from localField foreignField let pipeline as');

/** Documents of another collection, as an array in each document; read in that collection's own terms. */
export function readLookup(reading: Reading, { key, value, offset }: Entry, place: Place): void {
  const found = fields(value, key, LOOKUP);
  const inner = new Flow(collectionsOf(reading, found.get('from')?.value));
  const local = found.get('localField')?.value;
  const foreign = found.get('foreignField')?.value;
  if (local !== undefined) reading.notes.field(place.flow, pathOf(local, 'localField'), local.offset);
  if (foreign !== undefined) reading.notes.field(inner, pathOf(foreign, 'foreignField'), foreign.offset);
  const variables = found.get('let')?.value;
  const outer = variables === undefined ? place : define(reading, variables, place);
  readInner(reading, found.get('pipeline')?.value, { ...outer, flow: inner }, offset);
  nest(reading, found.get('as'), { place, inner, offset });
}

/** `$unionWith`: documents of another collection come after these. */
export function readUnion(reading: Reading, { key, value, offset }: Entry, place: Place): void {
  const found = value.kind === 'string' ? new Map<string, Entry>() : fields(value, key, words('coll db pipeline'));
  const source = value.kind === 'string' ? value : found.has('db') ? value : found.get('coll')?.value;
  const inner = new Flow(collectionsOf(reading, source, words('coll db pipeline')));
  // The pipeline of a union sees no variables but the whole statement's.
  readInner(reading, found.get('pipeline')?.value, { ...place, flow: inner }, offset);
  reading.notes.end(inner, offset, 'statement');
  place.flow.join(inner.tables);
  place.flow.reshape();
}

const GRAPH = words('from startWith connectFromField connectToField as maxDepth depthField restrictSearchWithMatch');

export function readGraph(reading: Reading, { key, value, offset }: Entry, place: Place): void {
  const found = fields(value, key, GRAPH);
  const inner = new Flow(collectionsOf(reading, found.get('from')?.value));
  readIfGiven(reading, found.get('startWith')?.value, place);
  for (const name of ['connectFromField', 'connectToField']) {
    const field = found.get(name)?.value;
    if (field !== undefined) reading.notes.field(inner, pathOf(field, name), field.offset);
  }
  const depth = found.get('maxDepth')?.value;
  if (depth !== undefined && numberOf(depth) === undefined) invalid('maxDepth has to be a number.', depth);
  const depthField = found.get('depthField')?.value;
  if (depthField !== undefined) inner.make(pathOf(depthField, 'depthField'));
  const restriction = found.get('restrictSearchWithMatch')?.value;
  if (restriction !== undefined) reading.query(restriction, { ...place, flow: inner });
  nest(reading, found.get('as'), { place, inner, offset });
}

interface Nesting {
  readonly place: Place;
  readonly inner: Flow;
  readonly offset: number;
}

function nest({ notes }: Reading, as: Entry | undefined, { place, inner, offset }: Nesting): void {
  if (as === undefined) invalid('A join has to say with `as` where the documents go.', { offset });
  notes.nest(place.flow, pathOf(as.value, 'as'), inner, offset);
}

function readInner(reading: Reading, pipeline: Json | undefined, place: Place, offset: number): void {
  const isFirst =
    pipeline?.kind === 'array' && pipeline.items[0] !== undefined && memberOf(pipeline.items[0], '$documents');
  if (place.flow.tables.length === 0 && !isFirst) {
    invalid('There is neither a collection nor $documents to read from.', { offset }, 'Name the collection.');
  }
  if (pipeline !== undefined) reading.stages(pipeline, place);
}

/** A collection's name, or with its database; none where the pipeline begins with $documents. */
function collectionsOf({ notes }: Reading, json: Json | undefined, known = words('db coll')): TableName[] {
  if (json === undefined) return [];
  const table = json.kind === 'string' ? collection(json) : qualifiedCollection(json, known);
  notes.table(table, json.offset);
  return [table];
}

function qualifiedCollection(json: Json, known: ReadonlySet<string>): TableName {
  const found = fields(json, 'A collection', known);
  const [db, coll] = [found.get('db')?.value, found.get('coll')?.value];
  if (db === undefined || coll === undefined) return invalid('A collection takes db and coll.', json);
  return { schema: textOf(db, 'db'), name: textOf(coll, 'coll') };
}

export function collection(json: Json): TableName {
  return { schema: null, name: textOf(json, 'A collection') };
}

/** The fields that a stage names as text: one path, or several. */
export function readPaths(reading: Reading, json: Json, place: Place, where: string): void {
  for (const item of json.kind === 'array' ? json.items : [json]) {
    const path = checkPath(textOf(item, where), item);
    reading.notes.field(place.flow, path, item.offset);
  }
}
