import { Refused } from '../../classify.ts';
import { FIELD_STAGES } from './field-stages.ts';
import { GROUP_STAGES } from './group-stages.ts';
import { readGraph, readLookup, readUnion } from './joins.ts';
import { type Entry, entriesOf, isOperator, type Json } from './json.ts';
import type { Place, Reading } from './reading.ts';
import { invalid, itemsOf, notAllowed, told } from './refuse.ts';
import { SEARCH_STAGES } from './search-stages.ts';
import type { ReadStage } from './stage.ts';
import { REFUSED_STAGES, WRITING_STAGES } from './stage-names.ts';

/** Every stage that a read may be made of. Source: the manual of MongoDB 8.3, reference/operator/aggregation-pipeline. */
const STAGES: ReadonlyMap<string, ReadStage> = new Map<string, ReadStage>([
  ...FIELD_STAGES,
  ...GROUP_STAGES,
  ...SEARCH_STAGES,
  ['$lookup', readLookup],
  ['$unionWith', readUnion],
  ['$graphLookup', readGraph],
  ['$facet', readFacet],
  ['$documents', readDocuments],
]);

/** The stages of a pipeline, one after the other. */
export function readStages(reading: Reading, json: Json, place: Place): void {
  for (const [index, stage] of itemsOf(json, 'A pipeline').entries()) {
    const [entry, ...more] = entriesOf(stage);
    if (entry === undefined || more.length > 0) {
      invalid('A stage is an object of one key, the stage’s name.', stage, 'Write {"$match": {…}}.');
    }
    const read = STAGES.get(entry.key);
    if (read === undefined) refuseStage(entry);
    if (entry.key === '$documents' && (index > 0 || place.flow.tables.length > 0)) {
      invalid('$documents takes the place of a collection.', entry, 'Begin a pipeline without a collection with it.');
    }
    reading.notes.operator(entry.key, entry.offset);
    read(reading, entry, place);
  }
}

function refuseStage(entry: Entry): never {
  const { key, offset } = entry;
  const writes = WRITING_STAGES.get(key);
  if (writes !== undefined) {
    const hint = 'Leave the stage out: Custard returns the documents.';
    throw new Refused({ code: 'NOT_READ_ONLY', reason: `${key} ${writes}.`, hint, offset });
  }
  const refused = REFUSED_STAGES.get(key);
  if (refused !== undefined) notAllowed(`${key} ${refused}.`, entry, 'Leave the stage out.');
  return isOperator(key)
    ? notAllowed(
        `${told(key)} is not a stage that the guard knows.`,
        entry,
        'Use the stages of the manual of MongoDB 8.',
      )
    : invalid('A stage’s name begins with $.', entry, 'Write {"$match": {…}}.');
}

/** Several pipelines over the same documents; each becomes a field of the one document that comes out. */
function readFacet(reading: Reading, { value, offset }: Entry, place: Place): void {
  if (value.kind !== 'object') invalid('$facet takes an object of pipelines.', value);
  for (const { value: pipeline } of value.entries) {
    const flow = place.flow.branch();
    reading.stages(pipeline, { ...place, flow });
    reading.notes.end(flow, offset, 'statement');
  }
  place.flow.forgetMade();
  for (const { key } of value.entries) place.flow.make(key);
  place.flow.narrow();
}

/** Documents written in the statement itself. */
function readDocuments(reading: Reading, { value }: Entry, place: Place): void {
  reading.expression(value, place);
}
