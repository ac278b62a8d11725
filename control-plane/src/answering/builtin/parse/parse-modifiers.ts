import { FILLERS, LINKING_VERBS } from '../lexicon/glue.ts';
import { isFlag } from '../link/link-flags.ts';
import type { Mention } from '../link/mention.ts';
import { type ColumnCandidate, columnsOf, tablesOf, valuesOf } from '../link/mention.ts';
import type { DateUnit } from '../logical-form.ts';
import { stem } from '../text/stem.ts';
import type { Cursor } from './cursor.ts';
import { parseAttributeClause } from './parse-attribute-clause.ts';
import { parseQuantity } from './parse-comparison.ts';
import { parseDateModifier, parseYear } from './parse-dates.ts';
import { BE, type Glue, parseGlue, SUBJECTS } from './parse-glue.ts';
import { parseNoun } from './parse-noun.ts';
import { parseOrder } from './parse-order.ts';
import { parseTop } from './parse-top.ts';
import type { Modifier, Quantifier } from './question-tree.ts';

/** All that is said about what stands before, as far as it can be read. */
export function parseModifiers(cursor: Cursor): Modifier[] {
  const modifiers: Modifier[] = [];
  for (;;) {
    // "A or B and C" may mean two things.
    const start = cursor.at;
    const next = cursor.attempt(() => parseNext(cursor, modifiers.at(-1)));
    if (next === null) break;
    if (next.joined !== 'or' && next.listed && modifiers.at(-1)?.kind === 'either') {
      cursor.at = start;
      cursor.undecided = start;
      return modifiers;
    }
    if (next.joined === 'or') {
      const last = modifiers.pop();
      modifiers.push({ kind: 'either', options: [...(last === undefined ? [] : optionsOf(last)), next.modifier] });
    } else modifiers.push(next.modifier);
  }
  skipTrailing(cursor);
  return modifiers;
}

const optionsOf = (modifier: Modifier): readonly Modifier[] =>
  modifier.kind === 'either' ? modifier.options : [modifier];

interface Next {
  readonly modifier: Modifier;
  readonly joined: 'and' | 'or' | null;
  /** After "and" or a comma. */
  readonly listed: boolean;
}

function parseNext(cursor: Cursor, last: Modifier | undefined): Next | null {
  if (cursor.at === cursor.undecided) return null;
  const comma = cursor.eat(',');
  const joined = cursor.eat('and', 'but', 'and also', '&') ? 'and' : cursor.eat('or') ? 'or' : null;
  if (joined === 'or' && last === undefined) return null;
  // "who have a dog and have a cat": said of who has the dog.
  if (joined !== null && cursor.depth > 0 && cursor.is(...FINITE)) return null;
  const modifier = parseModifier(cursor, joined !== null || comma);
  return modifier === null
    ? null
    : { modifier: joined === 'and' ? markApart(modifier) : modifier, joined, listed: comma || joined === 'and' };
}

const FINITE = ['have', 'has', 'had', 'do', 'does', 'did', 'are', 'is', 'were', 'was', 'who', 'whose'];

/** After "and" the same kind of thing is meant again, but another one. */
function markApart(modifier: Modifier): Modifier {
  if (!('hints' in modifier)) return modifier;
  return { ...modifier, hints: { ...modifier.hints, words: ['and', ...modifier.hints.words] } };
}

/** `joined`: after "and" or a comma, where a bare noun is another thing asked for rather than a condition. */
function parseModifier(cursor: Cursor, joined: boolean): Modifier | null {
  const order = cursor.attempt(() => parseOrder(cursor));
  if (order !== null) return order;
  const group = cursor.attempt(() => parseGroup(cursor));
  if (group !== null) return group;
  const glue = parseGlue(cursor);
  return (
    cursor.attempt(() => parseGroup(cursor)) ??
    cursor.attempt(() => parseDateModifier(cursor, glue)) ??
    cursor.attempt(() => parseYear(cursor, glue)) ??
    cursor.attempt(() => parseTopModifier(cursor, glue, joined)) ??
    cursor.attempt(() => parseQuantity(cursor, glue)) ??
    cursor.attempt(() => parseInside(cursor, glue)) ??
    cursor.attempt(() => parseAttributeClause(cursor, glue, joined)) ??
    cursor.attempt(() => parseValues(cursor, glue, null)) ??
    cursor.attempt(() => parseRelated(cursor, glue, joined)) ??
    verbRelation(cursor, glue)
  );
}

/** "that have 'oo' in their name": a piece of text rather than all of it. */
function parseInside(cursor: Cursor, glue: Glue): Modifier | null {
  const token = cursor.peek();
  if (
    token?.kind !== 'quoted' ||
    !['have', 'has', 'with', 'having', 'contain'].includes(glue.words.findLast((word) => !BARE.has(word)) ?? '')
  )
    return null;
  cursor.advance();
  if (!cursor.eat('in their', 'in its', 'in the', 'in his', 'in her')) return null;
  const attribute = cursor.mention('column');
  if (attribute === null) return null;
  cursor.take(attribute);
  const operands = [{ kind: 'text', text: token.text, mention: null }] as const;
  const { negated, hints } = glue;
  return {
    kind: 'compare',
    attribute,
    aggregate: null,
    concept: null,
    comparison: 'contains',
    operands,
    negated,
    hints,
  };
}

const UNITS: ReadonlyMap<string, DateUnit> = new Map(
  (['day', 'week', 'month', 'quarter', 'year'] as const).map((unit) => [unit, unit]),
);

/** "for each stadium", "per month", "in every district". */
export function parseGroup(cursor: Cursor): Modifier | null {
  cursor.eat('for', 'in', 'of', 'by', 'from', 'on', 'at', 'with');
  const by =
    cursor.peek(-1)?.lower === 'by' && UNITS.has(cursor.peek()?.lower ?? '') && cursor.peek(1)?.kind !== 'number';
  const per = cursor.eat('per');
  if (!by && !per && !cursor.eat('each of the', 'each', 'every', 'each different', 'every single')) return null;
  cursor.eat('different', 'distinct', 'single', 'of the');
  const unit = UNITS.get(cursor.peek()?.lower ?? '');
  const mention = cursor.mention('table', 'column');
  if (unit !== undefined && (mention === null || mention.to === cursor.at + 1)) {
    cursor.advance();
    return { kind: 'group-date', unit, mention };
  }
  if (mention === null) return null;
  cursor.take(mention);
  return { kind: 'group', noun: { mention, modifiers: parseModifiers(cursor) }, per };
}

/** After "and", "the maximum weight" is another thing asked for, unless "with" or a verb says otherwise. */
function parseTopModifier(cursor: Cursor, glue: Glue, joined: boolean): Modifier | null {
  if (glue.negated || (joined && glue.words.every((word) => BARE.has(word)))) return null;
  const top = parseTop(cursor, 'after-noun');
  return top === null ? null : { kind: 'top', top, hints: glue.hints };
}

/** One value or several: "Aberdeen or Abilene", "both cats and dogs". */
export function parseValues(cursor: Cursor, glue: Glue, attribute: Mention | null): Modifier | null {
  const state = BE.has(glue.words.findLast((word) => word !== 'not') ?? '');
  const first = takeValue(cursor, attribute, state);
  if (first === null) return null;
  const values = [first];
  let join: 'any' | 'all' = glue.both ? 'all' : 'any';
  for (;;) {
    const more = cursor.attempt(() => {
      cursor.eat(',');
      const word = cursor.eat('and', 'as well as') ? 'and' : cursor.eat('or') ? 'or' : null;
      cursor.eat('the', 'a', 'an');
      const value = word === null ? null : takeValue(cursor, attribute);
      if (value !== null && word === 'and' && !glue.negated) join = 'all';
      return value;
    });
    if (more === null) break;
    values.push(more);
  }
  const named = attribute ?? cursor.attempt(() => trailingName(cursor, first));
  if (named === null && values.length === 1 && isBeforeNoun(cursor, glue)) return null;
  return { kind: 'value', attribute: named, values, join, negated: glue.negated, hints: glue.hints };
}

/** "of rock tracks": the value belongs to the noun after it. */
function isBeforeNoun(cursor: Cursor, { words }: Glue): boolean {
  if (words.every((word) => BARE.has(word))) return false;
  const noun = cursor.mention('table');
  return noun !== null && tablesOf(noun).some(({ quality }) => quality >= 0.9);
}

/** "a cat as a pet", "the math course", "English language": what kind of thing the value is, said after it. */
function trailingName(cursor: Cursor, value: Mention): Mention | null {
  cursor.eat('as');
  cursor.eat('a', 'an', 'the', 'their');
  const name = cursor.mention('table', 'column');
  if (name === null) return null;
  if (!fits(name, value)) return null;
  cursor.take(name);
  return name;
}

/** The value is found in this column, or in this table. */
function fits(name: Mention, value: Mention): boolean {
  const places = valuesOf(value).map(({ column }) => column);
  return (
    tablesOf(name).some(({ table }) => places.some((column) => column.table === table)) ||
    columnsOf(name).some(
      ({ column }) => places.includes(column) || places.some(({ table }) => table === column.references),
    )
  );
}

/** A value here that is not better read as the name of a table or column. */
function takeValue(cursor: Cursor, attribute: Mention | null, state = false): Mention | null {
  const value = cursor.mention('value');
  if (value === null) return null;
  const name = cursor.mention('table', 'column');
  if (name !== null && attribute === null && name.to >= value.to && !isProper(cursor, value, name)) {
    // "are delivered": a state that the data knows, rather than the date of it.
    if (!state || tablesOf(name).length > 0 || valuesOf(value).every(({ quality }) => quality < 1)) return null;
  }
  if (attribute !== null && !fits(attribute, value)) return null;
  cursor.take(value);
  return value;
}

/** Quoted, or a value as it is written in the data where the name is only nearly one. */
function isProper(cursor: Cursor, value: Mention, name: Mention): boolean {
  if (cursor.peek()?.kind === 'quoted' || isFlagged(value)) return true;
  const exactName = Math.max(0, ...[...tablesOf(name), ...columnsOf(name)].map(({ quality }) => quality));
  return exactName < 0.9 && name.to === value.to && valuesOf(value).some(({ quality }) => quality === 1);
}

/** "products that were never returned": the verb itself names the other thing. */
function verbRelation(cursor: Cursor, glue: Glue): Modifier | null {
  const mention = glue.hints.mentions.at(-1);
  const table =
    mention !== undefined &&
    (tablesOf(mention).some(({ quality }) => quality >= 0.8) || (isPassive(glue) && columnsOf(mention).some(saysWhen)));
  const ended = cursor.done || (cursor.peek()?.kind === 'mark' && !cursor.is('('));
  if (mention === undefined || !table || !ended || (!glue.relative && !glue.negated)) return null;
  const hints = { words: glue.hints.words, mentions: [] };
  return {
    kind: 'related',
    noun: { mention, modifiers: [] },
    quantifier: { kind: glue.negated ? 'none' : 'some' },
    hints,
  };
}

/** "are shipped", "not yet returned": whether there is a date of it says so. */
const isPassive = ({ words }: Glue): boolean => words.some((word) => BE.has(word)) && !words.includes('by');
const saysWhen = ({ column, quality }: ColumnCandidate): boolean =>
  quality >= 0.75 && column.column.nullable && (column.column.kind === 'date' || column.column.kind === 'timestamp');

/** With these alone a noun is not tied to what stands before it. */
const BARE = new Set(['the', 'their', 'its', 'his', 'her', 'all', 'a', 'an', 'any', 'some', 'also']);

/** "are discontinued": a flag's own name. */
const isFlagged = (value: Mention): boolean => valuesOf(value).some(({ column }) => isFlag(column));

/** Another thing of the schema: "by singers above 40", "without any concert". */
function parseRelated(cursor: Cursor, glue: Glue, joined: boolean): Modifier | null {
  if (glue.words.every((word) => BARE.has(word) || (joined && FILLERS.has(word)))) return null;
  const noun = cursor.within(() => parseNoun(cursor, { modifiers: true }));
  if (noun === null) return null;
  const quantifier: Quantifier = { kind: glue.negated ? 'none' : 'some' };
  return { kind: 'related', noun, quantifier, hints: glue.hints };
}

/** "with bills": a word that may be a verb, but has nobody to do it. */
function endsInNoun({ words }: Glue): boolean {
  const last = words.at(-1) ?? '';
  return last.endsWith('s') && LINKING_VERBS.has(stem(last)) && !words.some((word) => SUBJECTS.has(word));
}

/** What adds nothing at the end of a clause: "do we have", "are there in total", "they are arranged to teach". */
function skipTrailing(cursor: Cursor): void {
  const start = cursor.at;
  const glue = parseGlue(cursor);
  cursor.eat('total', 'each', 'all', 'place');
  const next = cursor.peek();
  const ended =
    next === undefined ||
    (next.kind === 'mark' && next.lower !== '(') ||
    next.lower === 'and' ||
    next.lower === 'as' ||
    next.lower === 'or';
  if (!ended || glue.negated || endsInNoun(glue)) cursor.at = start;
}
