import { DETERMINERS } from '../lexicon/glue.ts';
import { isFlag } from '../link/link-flags.ts';
import { columnsOf, type Mention, tablesOf, valuesOf } from '../link/mention.ts';
import type { Cursor } from './cursor.ts';
import { parseModifiers } from './parse-modifiers.ts';
import { parseTop } from './parse-top.ts';
import { type Modifier, NO_HINTS, type NounNode } from './question-tree.ts';

/** Moves past articles and the like; true if there were any. */
export function skipDeterminers(cursor: Cursor): boolean {
  const start = cursor.at;
  while (cursor.peek()?.kind === 'word' && DETERMINERS.has(cursor.peek()?.lower ?? '')) cursor.advance();
  return cursor.at > start;
}

/** A thing or property: "the 3 youngest French singers (who …)". Null when nothing the schema knows stands here. */
export function parseNoun(cursor: Cursor, options: { readonly modifiers: boolean }): NounNode | null {
  return cursor.attempt(() => {
    skipDeterminers(cursor);
    const before: Modifier[] = [];
    const top = parseTop(cursor, 'before-noun');
    if (top !== null) before.push({ kind: 'top', top, hints: NO_HINTS });
    const values = parsePremodifiers(cursor);
    // "full names" are first and last ones, or the name there is.
    if (cursor.is('full') && /^names?$/.test(cursor.peek(1)?.lower ?? '') && !cursor.onName) cursor.advance();
    const mention = cursor.mention('table', 'column', 'measure') ?? lastValue(values);
    if (mention === null) return null;
    if (lastValue(values) === mention) values.pop();
    else cursor.take(mention);
    // "faculty members", where the faculty are a table.
    if (tablesOf(mention).length > 0 && cursor.mention('table', 'column') === null) cursor.eat('members', 'member');
    for (const { values: either, attribute } of values) {
      before.push({ kind: 'value', attribute, values: either, join: 'any', negated: false, hints: NO_HINTS });
    }
    const after = options.modifiers ? parseModifiers(cursor) : [];
    return { mention, modifiers: [...before, ...after] };
  });
}

interface Premodifier {
  /** Several: "male or female". */
  readonly values: readonly Mention[];
  /** The column it is a value of, where that is said too: "high severity tickets". */
  readonly attribute: Mention | null;
}

/** Values before a noun: "French singers", "United Airlines flights". A longer name wins over a value. */
function parsePremodifiers(cursor: Cursor): Premodifier[] {
  const values: Premodifier[] = [];
  for (;;) {
    skipDeterminers(cursor);
    const value = cursor.mention('value');
    if (value === null) return values;
    const name = cursor.mention('table', 'column');
    if (name !== null && name.to >= value.to && bestName(name) >= 0.8 && !followedByNoun(cursor, value)) return values;
    cursor.take(value);
    cursor.eat("'s");
    const more = cursor.attempt(() => otherValue(cursor, value));
    const attribute = cursor.attempt(() => attributeOf(cursor, value));
    values.push({ values: more === null ? [value] : [value, more], attribute });
  }
}

/** "male or female patients". */
function otherValue(cursor: Cursor, value: Mention): Mention | null {
  const other = cursor.eat('or') ? cursor.mention('value') : null;
  const columns = valuesOf(value).map(({ column }) => column);
  if (other === null || !valuesOf(other).some(({ column }) => columns.includes(column))) return null;
  cursor.take(other);
  return other;
}

/** Only before another noun: in "Berlin customers" and "French names" the noun itself is what is asked for. */
function attributeOf(cursor: Cursor, value: Mention): Mention | null {
  const attribute = cursor.mention('column');
  const columns = valuesOf(value).map(({ column }) => column);
  if (attribute === null || !columnsOf(attribute).some(({ column }) => columns.includes(column))) return null;
  cursor.take(attribute);
  const noun = cursor.mention('table');
  return noun === null || bestName(noun) < 0.8 ? null : attribute;
}

function bestName(mention: Mention): number {
  return Math.max(
    0,
    ...tablesOf(mention).map(({ quality }) => quality),
    ...columnsOf(mention).map(({ quality }) => quality),
  );
}

/** "math course": math is a value when a noun follows directly. */
function followedByNoun(cursor: Cursor, value: Mention): boolean {
  const flag = valuesOf(value).some(({ column }) => isFlag(column));
  if (!flag && valuesOf(value).every(({ quality }) => quality < 1)) return false;
  const start = cursor.at;
  cursor.at = value.to;
  const next = flag ? cursor.mention('table', 'column') : cursor.mention('table');
  cursor.at = start;
  return next !== null && bestName(next) >= 0.8 && value.from === start;
}

const lastValue = (values: readonly Premodifier[]): Mention | null => {
  const last = values.at(-1);
  return last === undefined || last.attribute !== null || last.values.length > 1 ? null : (last.values[0] ?? null);
};
