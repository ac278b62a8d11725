import { type Entry, entriesOf, isOperator, type Json, memberOf } from './json.ts';
import { isExtendedValue, numberOf } from './literal.ts';
import { checkPath } from './paths.ts';
import { readElementMatch } from './query.ts';
import type { Place, Reading } from './reading.ts';
import { invalid } from './refuse.ts';

/** What is noted of one projection when all of it has been read. */
interface Items {
  /** Fields that come out as they are. */
  readonly picked: { readonly path: string; readonly offset: number }[];
  /** Fields that the statement makes. */
  readonly made: string[];
  readonly excluded: string[];
  /** Whether _id comes out without having been asked for. */
  isId: boolean;
  /** Whether an item makes all fields go that are not named; parts of arrays and scores do not. */
  isNarrow: boolean;
}

/** $project and find's projection, which may also cut arrays. */
export function readProjection(reading: Reading, json: Json, place: Place, kind: 'stage' | 'find'): void {
  if (json.kind !== 'object') invalid('A projection has to be an object.', json);
  const items: Items = { picked: [], made: [], excluded: [], isId: true, isNarrow: false };
  for (const entry of json.entries) readItem(reading, entry, { place, kind, prefix: '', items });
  const { flow } = place;
  const { notes } = reading;
  if (json.entries.length === 0) return;
  if (items.excluded.length > 0 || !(items.isNarrow || isOnlyId(json))) {
    for (const name of items.made) flow.make(name);
    for (const name of items.excluded) flow.drop(name);
    flow.reshape();
    return;
  }
  if (items.isId) notes.picked(flow, '_id', json.offset);
  for (const { path, offset } of items.picked) notes.picked(flow, path, offset);
  for (const name of items.made) flow.make(name);
  flow.narrow();
}

function isOnlyId(json: Json): boolean {
  const [only, ...more] = entriesOf(json);
  return more.length === 0 && only?.key === '_id' && numberOf(only.value) !== 0 && !isFalse(only.value);
}

function isFalse(json: Json): boolean {
  return json.kind === 'boolean' && !json.value;
}

interface ItemPlace {
  readonly place: Place;
  readonly kind: 'stage' | 'find';
  readonly prefix: string;
  readonly items: Items;
}

function readItem(reading: Reading, entry: Entry, at: ItemPlace): void {
  const { value } = entry;
  const name = at.kind === 'find' && at.prefix === '' ? entry.key.replace(/\.\$$/, '') : entry.key;
  const path = `${at.prefix}${checkPath(name, entry)}`;
  const flag = value.kind === 'boolean' ? value.value : numberOf(value);
  if (path === '_id') at.items.isId = false;
  if (flag !== undefined) {
    readFlag(Boolean(flag), { path, offset: entry.offset }, at.items);
    return;
  }
  if (isNested(value)) {
    const nested = { ...at, prefix: `${path}.` };
    for (const inner of entriesOf(value)) readItem(reading, inner, nested);
    return;
  }
  if (at.kind === 'find') readCut(reading, { ...entry, key: path }, at.place);
  if (!isElementMatch(value, at.kind)) reading.expression(value, at.place);
  at.items.made.push(path);
  if (path !== '_id' && !keepsOthers(value, at.kind)) at.items.isNarrow = true;
}

/** find leaves all other fields where it only cuts arrays, both leave them where scores are added. */
function keepsOthers(json: Json, kind: ItemPlace['kind']): boolean {
  const [operator] = entriesOf(json);
  return operator?.key === '$meta' || (kind === 'find' && operator?.key === '$slice');
}

function readFlag(isIncluded: boolean, item: { readonly path: string; readonly offset: number }, items: Items): void {
  if (isIncluded) items.picked.push(item);
  if (isIncluded && item.path !== '_id') items.isNarrow = true;
  if (!isIncluded && item.path !== '_id') items.excluded.push(item.path);
}

function isNested(json: Json): boolean {
  const entries = entriesOf(json);
  return entries.length > 0 && !isExtendedValue(json) && entries.every(({ key }) => !isOperator(key));
}

function isElementMatch(json: Json, kind: ItemPlace['kind']): boolean {
  return kind === 'find' && memberOf(json, '$elemMatch') !== undefined;
}

/** find only: `{"$slice": …}` and `{"$elemMatch": …}` take a part of the array that stands there. */
function readCut(reading: Reading, { key, value, offset }: Entry, place: Place): void {
  const [cut, ...more] = entriesOf(value);
  if (cut === undefined || (cut.key !== '$slice' && cut.key !== '$elemMatch')) return;
  if (more.length > 0) invalid(`${cut.key} has to be the only key of its object.`, cut);
  reading.notes.field(place.flow, key, offset);
  if (cut.key === '$slice') return;
  reading.notes.operator(cut.key, cut.offset);
  readElementMatch(reading, cut.value, place, key);
}
