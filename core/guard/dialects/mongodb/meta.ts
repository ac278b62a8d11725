import { words } from '../../words.ts';
import type { Entry } from './json.ts';
import { META_FIELDS, META_SCORES } from './operator-names.ts';
import type { Place, Reading } from './reading.ts';
import { functionNotAllowed, textOf } from './refuse.ts';

const SCORES = words(META_SCORES);
const OF_FIELDS = words(META_FIELDS);

/** `{"$meta": "textScore"}`; some of what it can ask for shows the fields of an index. */
export function readMeta({ notes }: Reading, { key, value, offset }: Entry, { flow }: Place): void {
  const asked = textOf(value, key);
  if (OF_FIELDS.has(asked)) {
    notes.everything(flow, offset);
    return;
  }
  if (!SCORES.has(asked)) functionNotAllowed('$meta asks for what the guard does not know.', value, 'Ask for a score.');
}
