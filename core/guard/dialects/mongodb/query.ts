import { words } from '../../words.ts';
import { refuseOperator } from './expression.ts';
import { type Entry, entriesOf, isOperator, type Json } from './json.ts';
import { checkLiteral, isExtendedValue } from './literal.ts';
import { QUERY_OPERATORS } from './operator-names.ts';
import { checkPath } from './paths.ts';
import type { Place, Reading } from './reading.ts';
import { fields, invalid, itemsOf } from './refuse.ts';

const FIELD_OPERATORS = words(QUERY_OPERATORS);
const TEXT = words('$search $language $caseSensitive $diacriticSensitive');
const GEOMETRY: ReadonlySet<string> = new Set(['$geoWithin', '$geoIntersects', '$near', '$nearSphere']);
const SHAPES = words('$geometry $box $polygon $center $centerSphere $minDistance $maxDistance $uniqueDocs');

/** What stands at the top of a query, or of a part of $and. */
type Read = (reading: Reading, entry: Entry, place: Place, prefix: string) => void;

const CLAUSES: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['$and', readParts],
  ['$or', readParts],
  ['$nor', readParts],
  ['$expr', (reading, { value }, place) => reading.expression(value, place)],
  ['$comment', (_reading, { value }) => checkLiteral(value)],
  ['$sampleRate', (_reading, { value }) => checkLiteral(value)],
  // Which fields these two look at, an index or the schema says.
  ['$text', readTextSearch],
  ['$jsonSchema', readSchema],
]);

/**
 * A query, as $match and find take it.
 * @param prefix the path of the array whose elements the query is of, with a dot at its end; else empty
 */
export function readQuery(reading: Reading, json: Json, place: Place, prefix = ''): void {
  if (json.kind !== 'object') invalid('A query has to be an object.', json);
  for (const entry of json.entries) readClause(reading, entry, place, prefix);
}

function readClause(reading: Reading, entry: Entry, place: Place, prefix: string): void {
  const { key, value, offset } = entry;
  if (!isOperator(key)) {
    const path = `${prefix}${checkPath(key, entry)}`;
    reading.notes.field(place.flow, path, offset);
    readCondition(reading, value, place, path);
    return;
  }
  const read = CLAUSES.get(key);
  if (read === undefined) refuseOperator(entry);
  reading.notes.operator(key, offset);
  read(reading, entry, place, prefix);
}

function readParts(reading: Reading, { key, value }: Entry, place: Place, prefix: string): void {
  for (const part of itemsOf(value, key)) reading.query(part, place, prefix);
}

function readTextSearch({ notes }: Reading, { key, value, offset }: Entry, { flow }: Place): void {
  for (const option of fields(value, key, TEXT).values()) checkLiteral(option.value);
  notes.everything(flow, offset);
}

function readSchema({ notes }: Reading, { value, offset }: Entry, { flow }: Place): void {
  checkLiteral(value);
  notes.everything(flow, offset);
}

/** What a field is compared with: a value, or an object of operators. */
function readCondition(reading: Reading, json: Json, place: Place, path: string): void {
  const hasOperators = entriesOf(json).some(({ key }) => isOperator(key));
  if (!hasOperators || isExtendedValue(json)) {
    checkLiteral(json);
    return;
  }
  for (const entry of entriesOf(json)) {
    if (!isOperator(entry.key)) {
      invalid('An object holds both operators and fields.', entry, 'Compare with $eq where it is a value.');
    }
    readOperator(reading, entry, place, path);
  }
}

function readOperator(reading: Reading, entry: Entry, place: Place, path: string): void {
  const { key, value, offset } = entry;
  const isKnown = FIELD_OPERATORS.has(key) || key === '$not' || key === '$elemMatch';
  if (!isKnown) refuseOperator(entry);
  reading.notes.operator(key, offset);
  if (key === '$not') {
    readNegated(reading, value, place, path);
    return;
  }
  if (key === '$elemMatch') {
    readElementMatch(reading, value, place, path);
    return;
  }
  if (key === '$all') {
    readAll(reading, value, place, path);
    return;
  }
  if (GEOMETRY.has(key) && value.kind === 'object') {
    readGeometry(entry);
    return;
  }
  checkLiteral(value);
}

/** Operators again, or a regular expression. */
function readNegated(reading: Reading, json: Json, place: Place, path: string): void {
  if (json.kind !== 'object') invalid('$not takes an object of operators or a regular expression.', json);
  readCondition(reading, json, place, path);
}

/** A query of an array's elements, or operators that one of them has to satisfy. */
export function readElementMatch(reading: Reading, json: Json, place: Place, path: string): void {
  if (json.kind !== 'object') invalid('$elemMatch takes an object.', json);
  const isOfFields = json.entries.every(({ key }) => !isOperator(key) || CLAUSES.has(key));
  if (isOfFields) reading.query(json, place, `${path}.`);
  else readCondition(reading, json, place, path);
}

/** Values, or $elemMatch for each. */
function readAll(reading: Reading, json: Json, place: Place, path: string): void {
  for (const item of itemsOf(json, '$all')) {
    const isElementMatch = entriesOf(item)[0]?.key === '$elemMatch';
    if (isElementMatch) readCondition(reading, item, place, path);
    else checkLiteral(item);
  }
}

function readGeometry({ key, value }: Entry): void {
  const isGeoJson = entriesOf(value).every((entry) => !isOperator(entry.key));
  if (isGeoJson) {
    checkLiteral(value);
    return;
  }
  for (const shape of fields(value, key, SHAPES).values()) checkLiteral(shape.value);
}
