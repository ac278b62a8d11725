import { words } from '../../words.ts';
import { type Entry, entriesOf, type Json, memberOf } from './json.ts';
import { checkLiteral } from './literal.ts';
import { variableName } from './paths.ts';
import { type Place, type Reading, withVariables } from './reading.ts';
import { fields, invalid, textOf } from './refuse.ts';
import type { ReadStage } from './stage.ts';
import { SEARCH_OPTIONS, VECTOR_OPTIONS } from './stage-names.ts';

/** Stages of Atlas Search, whose bodies are data, and those that put several searches together. */
export const SEARCH_STAGES: readonly (readonly [string, ReadStage])[] = [
  ['$search', readSearch],
  ['$searchMeta', readSearch],
  ['$vectorSearch', readVectorSearch],
  ['$rankFusion', readFusion],
  ['$scoreFusion', readFusion],
  ['$score', readScore],
];

const SEARCH = words(SEARCH_OPTIONS);
const VECTOR = words(VECTOR_OPTIONS);

/** Paths in a search may be patterns, and results may be counts and pieces of any field. */
function readSearch({ notes }: Reading, { key, value, offset }: Entry, { flow }: Place): void {
  for (const option of fields(value, key, SEARCH).values()) {
    if (option.key === 'sort') checkSearchSort(option.value);
    else checkLiteral(option.value);
  }
  notes.everything(flow, offset);
  flow.reshape();
}

/** `{"score": {"$meta": "searchScore", "order": 1}, "released": -1}`. */
function checkSearchSort(json: Json): void {
  for (const { value } of entriesOf(json)) {
    const isScore = memberOf(value, '$meta') !== undefined;
    if (!isScore) checkLiteral(value);
    else
      for (const option of fields(value, 'A sort by score', words('$meta order')).values()) checkLiteral(option.value);
  }
}

function readVectorSearch(reading: Reading, { key, value, offset }: Entry, place: Place): void {
  for (const option of fields(value, key, VECTOR).values()) {
    if (option.key === 'filter' || option.key === 'parentFilter') reading.query(option.value, place);
    else checkLiteral(option.value);
  }
  reading.notes.everything(place.flow, offset);
  place.flow.reshape();
}

const FUSION = words('input combination scoreDetails');
const INPUT = words('pipelines normalization');
const COMBINATION = words('weights method expression');

/** Several ways of finding the same documents, each a pipeline. */
function readFusion(reading: Reading, { key, value, offset }: Entry, place: Place): void {
  const found = fields(value, key, FUSION);
  const input = found.get('input')?.value;
  if (input === undefined) invalid(`${key} takes input.`, { offset });
  const inputs = fields(input, 'input', INPUT);
  const pipelines = entriesOf(inputs.get('pipelines')?.value ?? input);
  const normalization = inputs.get('normalization')?.value;
  if (normalization !== undefined) textOf(normalization, 'normalization');
  for (const { value: pipeline } of inputs.has('pipelines') ? pipelines : []) {
    reading.stages(pipeline, { ...place, flow: place.flow.branch() });
  }
  const names = pipelines.map((entry) => [variableName(entry.key, entry), 1] as const);
  const combination = found.get('combination')?.value;
  if (combination !== undefined) readCombination(reading, combination, withVariables(place, names));
  reading.notes.everything(place.flow, offset);
  place.flow.reshape();
}

function readCombination(reading: Reading, json: Json, place: Place): void {
  for (const { key, value } of fields(json, 'combination', COMBINATION).values()) {
    if (key === 'expression') reading.expression(value, place);
    else checkLiteral(value);
  }
}

function readScore(reading: Reading, { key, value }: Entry, place: Place): void {
  for (const option of fields(value, key, words('score normalization weight scoreDetails')).values()) {
    if (option.key === 'score') reading.expression(option.value, place);
    else checkLiteral(option.value);
  }
  place.flow.reshape();
}
