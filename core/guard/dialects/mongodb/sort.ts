import { entriesOf, type Json } from './json.ts';
import { numberOf } from './literal.ts';
import { readMeta } from './meta.ts';
import { checkPath } from './paths.ts';
import type { Place, Reading } from './reading.ts';
import { invalid } from './refuse.ts';

/** `{"total": -1, "name": 1, "score": {"$meta": "textScore"}}`, and `{"$natural": 1}` for the order of storage. */
export function readSort(reading: Reading, json: Json, place: Place): void {
  if (json.kind !== 'object') invalid('A sort has to be an object.', json);
  for (const entry of json.entries) {
    const { key, value, offset } = entry;
    const [meta] = entriesOf(value);
    if (meta?.key === '$meta') readMeta(reading, meta, place);
    else checkDirection(value);
    if (key === '$natural') continue;
    checkPath(key, entry);
    if (meta?.key !== '$meta') reading.notes.field(place.flow, key, offset);
  }
}

/** A sort of an array's own elements: their fields were noted with the array. */
export function checkElementSort(json: Json): void {
  if (json.kind !== 'object') {
    checkDirection(json);
    return;
  }
  for (const entry of json.entries) {
    checkPath(entry.key, entry);
    checkDirection(entry.value);
  }
}

function checkDirection(json: Json): void {
  if (numberOf(json) === undefined) invalid('A sort goes up with 1 and down with -1.', json);
}
