import { AGGREGATES, COUNTS } from '../lexicon/aggregates.ts';
import { SUPERLATIVES } from '../lexicon/superlatives.ts';
import type { Cursor } from './cursor.ts';
import { parseAttribute } from './parse-attribute.ts';
import { parseNoun, skipDeterminers } from './parse-noun.ts';
import type { Modifier, OrderNode } from './question-tree.ts';

type Direction = 'asc' | 'desc';

const DIRECTIONS: ReadonlyMap<string, Direction> = new Map([
  ['ascending', 'asc'],
  ['asc', 'asc'],
  ['increasing', 'asc'],
  ['alphabetical', 'asc'],
  ['alphabetic', 'asc'],
  ['lexicographic', 'asc'],
  ['lexicographical', 'asc'],
  ['ascending alphabetical', 'asc'],
  ['chronological', 'asc'],
  ['descending', 'desc'],
  ['desc', 'desc'],
  ['decreasing', 'desc'],
  ['reverse alphabetical', 'desc'],
  ['descending alphabetical', 'desc'],
  ['reverse lexicographical', 'desc'],
  ['reverse chronological', 'desc'],
  ['reverse', 'desc'],
]);

const ADVERBS: ReadonlyMap<string, Direction> = new Map([
  ['alphabetically', 'asc'],
  ['chronologically', 'asc'],
  ['in alphabetical order', 'asc'],
  ['in lexicographical order', 'asc'],
]);

const OLD_TO_YOUNG: ReadonlyMap<string, Direction> = new Map([
  ['oldest to youngest', 'desc'],
  ['oldest to the youngest', 'desc'],
  ['old to young', 'desc'],
  ['youngest to oldest', 'asc'],
  ['youngest to the oldest', 'asc'],
  ['young to old', 'asc'],
  ['highest to lowest', 'desc'],
  ['highest to the lowest', 'desc'],
  ['high to low', 'desc'],
  ['largest to smallest', 'desc'],
  ['most to least', 'desc'],
  ['lowest to highest', 'asc'],
  ['lowest to the highest', 'asc'],
  ['low to high', 'asc'],
  ['smallest to largest', 'asc'],
  ['least to most', 'asc'],
  ['a to z', 'asc'],
  ['z to a', 'desc'],
  ['newest to oldest', 'desc'],
  ['oldest to newest', 'asc'],
]);

const ORDERED = [
  'and order them by',
  'and sort them by',
  'order them by',
  'sort them by',
  'order them',
  'sort them',
  'ordered by',
  'sorted by',
  'order by',
  'sort by',
  'listed by',
  'ranked by',
  'arranged by',
  'ordered',
  'sorted',
  'listed',
  'order',
  'sort',
  'ranked',
  'list them',
  'in order of',
  'in the order of',
  'sort the results by',
  'order the results by',
  'sort results by',
  'rank them by',
  'sort the list by',
  'sorted using',
  'and sort by',
  'sort the result by',
];

/** "in descending order of age", "sorted by name", "from the oldest to the youngest". */
export function parseOrder(cursor: Cursor): Modifier | null {
  cursor.eat(',');
  cursor.eat('and');
  cursor.eat('that are', 'which are', 'are');
  const inOrder = cursor.attempt(() => parseInOrder(cursor));
  if (inOrder !== null) return { kind: 'order', keys: inOrder };
  const adverb = cursor.eatLongest(ADVERBS);
  if (adverb !== undefined) return { kind: 'order', keys: [{ ...OWN_NAME, direction: adverb }] };
  const first = cursor.attempt(() => parseFirst(cursor));
  if (first !== null) return { kind: 'order', keys: [first] };
  const by = cursor.attempt(() => parseRanking(cursor));
  if (by !== null) return { kind: 'order', keys: [by] };
  if (!cursor.eat(...ORDERED)) {
    const ends = cursor.attempt(() => parseEnds(cursor));
    return ends === null ? null : { kind: 'order', keys: [ends] };
  }
  return cursor.attempt(() => parseKeys(cursor));
}

/** "newest first", "highest price first", and "most first" of a number that is asked for. */
function parseFirst(cursor: Cursor): OrderNode | null {
  skipDeterminers(cursor);
  const word = cursor.eatLongest(SUPERLATIVES);
  if (word === undefined) return null;
  const attribute = cursor.is('first') ? null : parseAttribute(cursor);
  if (attribute?.numeric === false || !cursor.eat('first')) return null;
  const { direction, concept } = word;
  if (attribute !== null) return { ...OWN_NAME, direction, attribute: attribute.mention };
  return { ...OWN_NAME, direction, concept, count: concept === null ? 'figure' : null };
}

/** "the top 5 customers by revenue", "by number of orders". */
function parseRanking(cursor: Cursor): OrderNode | null {
  if (!cursor.eat('by', 'based on', 'in terms of')) return null;
  skipDeterminers(cursor);
  if (!cursor.onName && cursor.eat(...COUNTS)) {
    const noun = parseNoun(cursor, { modifiers: false });
    return noun === null ? null : { ...OWN_NAME, direction: 'desc', count: noun };
  }
  const aggregate = cursor.onName ? null : (cursor.eatLongest(AGGREGATES) ?? null);
  const attribute = parseAttribute(cursor);
  if (attribute === null || !attribute.numeric) return null;
  return { ...OWN_NAME, direction: trailingDirection(cursor) ?? 'desc', attribute: attribute.mention, aggregate };
}

const OWN_NAME: OrderNode = { direction: 'asc', attribute: null, aggregate: null, concept: null, count: null };

function parseInOrder(cursor: Cursor): OrderNode[] | null {
  cursor.eat(
    'listed',
    'sorted',
    'ordered',
    'arranged',
    'list them',
    'sort them',
    'display them',
    'sort',
    'list',
    'and list them',
  );
  if (!cursor.eat('in', 'by', 'into')) return null;
  skipDeterminers(cursor);
  const direction = cursor.eatLongest(DIRECTIONS);
  if (direction === undefined) return null;
  if (!cursor.eat('order', 'orders')) return null;
  if (!cursor.eat('of', 'by', 'according to', 'based on', 'on')) return [{ ...OWN_NAME, direction }];
  const key = parseKey(cursor, direction);
  return key === null ? null : moreKeys(cursor, [key]);
}

function parseKeys(cursor: Cursor): Modifier | null {
  const adverb = cursor.eatLongest(ADVERBS);
  if (adverb !== undefined) {
    const after = cursor.attempt(() => (cursor.eat('by') ? parseKey(cursor, adverb) : null));
    return { kind: 'order', keys: [after ?? { ...OWN_NAME, direction: adverb }] };
  }
  cursor.eat('by');
  const before = leadingDirection(cursor);
  const ends = cursor.attempt(() => parseEnds(cursor));
  if (ends !== null) return { kind: 'order', keys: [ends] };
  const key = parseKey(cursor, before);
  if (key === null) return null;
  return { kind: 'order', keys: moreKeys(cursor, [key]) };
}

/** "in descending order of", "by descending" before what is sorted by. */
function leadingDirection(cursor: Cursor): Direction | null {
  const start = cursor.at;
  cursor.eat('in');
  skipDeterminers(cursor);
  const direction = cursor.eatLongest(DIRECTIONS);
  if (direction === undefined) {
    cursor.at = start;
    return null;
  }
  cursor.eat('order');
  cursor.eat('of', 'by');
  return direction;
}

function moreKeys(cursor: Cursor, keys: OrderNode[]): OrderNode[] {
  const next = cursor.attempt(() => {
    if (!cursor.eat('and then by', 'then by', ', then by', 'and by', 'and then')) return null;
    return parseKey(cursor, null);
  });
  if (next !== null) return moreKeys(cursor, [...keys, next]);
  const last = cursor.attempt(() => {
    const key = cursor.eat('and', ',') ? parseKey(cursor, null) : null;
    return cursor.done ? key : null;
  });
  return last === null ? keys : [...keys, last];
}

function parseKey(cursor: Cursor, before: Direction | null): OrderNode | null {
  skipDeterminers(cursor);
  const key = keyOf(cursor);
  if (key === null) return null;
  const ends = cursor.attempt(() => parseEnds(cursor));
  return {
    ...key,
    direction: ends?.direction ?? trailingDirection(cursor) ?? before ?? 'asc',
    concept: ends?.concept ?? null,
  };
}

function keyOf(cursor: Cursor): OrderNode | null {
  if (!cursor.onName && cursor.eat(...COUNTS)) {
    const noun = parseNoun(cursor, { modifiers: false });
    return noun === null ? null : { ...OWN_NAME, count: noun };
  }
  const aggregate = cursor.onName ? null : (cursor.eatLongest(AGGREGATES) ?? null);
  const attribute = cursor.mention('column') ?? cursor.mention('table');
  if (attribute === null) return null;
  cursor.take(attribute);
  return { ...OWN_NAME, attribute, aggregate };
}

function trailingDirection(cursor: Cursor): Direction | null {
  return cursor.attempt(() => {
    cursor.eat(',');
    cursor.eat('in', 'by', 'from');
    skipDeterminers(cursor);
    const direction = cursor.eatLongest(DIRECTIONS) ?? null;
    if (direction !== null) cursor.eat('order');
    return direction;
  });
}

function parseEnds(cursor: Cursor): OrderNode | null {
  cursor.eat('from');
  skipDeterminers(cursor);
  const first = SUPERLATIVES.get(cursor.peek()?.lower ?? '');
  const direction = cursor.eatLongest(OLD_TO_YOUNG);
  return direction === undefined ? null : { ...OWN_NAME, direction, concept: first?.concept ?? null };
}
