import { parseDate } from '../dates/parse-date.ts';
import { AGGREGATES } from '../lexicon/aggregates.ts';
import { COMPARATIVES, TRAILING_COMPARATIVES } from '../lexicon/comparatives.ts';
import type { ConceptName } from '../lexicon/concepts.ts';
import { SUPERLATIVES } from '../lexicon/superlatives.ts';
import { columnsOf, type Mention, tablesOf } from '../link/mention.ts';
import type { Cursor } from './cursor.ts';
import { isMeasure, parseAttribute } from './parse-attribute.ts';
import type { Glue } from './parse-glue.ts';
import { parseModifiers } from './parse-modifiers.ts';
import { parseNoun, skipDeterminers } from './parse-noun.ts';
import type { Comparison, Modifier, NounNode, Operand } from './question-tree.ts';

/** A comparison with its right side, not yet said of what. */
export interface Compared {
  /** Named within the comparison: "above age 20", "a greater weight than 10". */
  readonly attribute: Mention | null;
  readonly comparison: Comparison;
  readonly concept: ConceptName | null;
  readonly operands: readonly Operand[];
  readonly negated: boolean;
}

/** "more than 3", "between 10 and 20", "2014 or after", "older than average"; null where none stands here. */
export function parseCompared(cursor: Cursor): Compared | null {
  const between = cursor.attempt(() => parseBetween(cursor));
  if (between !== null) return between;
  const negated = cursor.eat('not');
  const split = cursor.attempt(() => parseSplit(cursor, negated));
  if (split !== null) return split;
  const word = cursor.eatLongest(COMPARATIVES);
  if (word !== undefined) {
    const attribute = cursor.attempt(() => measureBeforeNumber(cursor));
    const operand = parseOperand(cursor);
    if (operand === null) return null;
    return either(cursor, {
      attribute,
      comparison: word.comparison,
      concept: word.concept,
      operands: [operand],
      negated,
    });
  }
  const attribute = cursor.attempt(() => measureBeforeNumber(cursor));
  cursor.eat('either');
  const operand = parseOperand(cursor);
  if (operand === null || operand.kind === 'aggregate') return null;
  const trailing = cursor.eatLongest(TRAILING_COMPARATIVES);
  return either(cursor, { attribute, comparison: trailing ?? '=', concept: null, operands: [operand], negated });
}

/** "age 20", "aged either 32 or 33". */
function measureBeforeNumber(cursor: Cursor): Mention | null {
  const attribute = parseAttribute(cursor);
  if (attribute === null || !attribute.numeric) return null;
  cursor.eat('of');
  const next = cursor.is('either') ? cursor.peek(1) : cursor.peek();
  return next?.number === undefined ? null : attribute.mention;
}

const SPLIT: ReadonlyMap<string, '>' | '<'> = new Map([
  ['greater', '>'],
  ['larger', '>'],
  ['higher', '>'],
  ['bigger', '>'],
  ['longer', '>'],
  ['more', '>'],
  ['smaller', '<'],
  ['lower', '<'],
  ['shorter', '<'],
  ['less', '<'],
  ['fewer', '<'],
]);

/** "a greater weight than 10", "more staff than the minimum". */
function parseSplit(cursor: Cursor, negated: boolean): Compared | null {
  skipDeterminers(cursor);
  const comparison = cursor.eatLongest(SPLIT);
  if (comparison === undefined) return null;
  const attribute = parseAttribute(cursor);
  if (attribute === null || !attribute.numeric || !cursor.eat('than')) return null;
  const operand = parseOperand(cursor);
  return operand === null
    ? null
    : { attribute: attribute.mention, comparison, concept: null, operands: [operand], negated };
}

function parseBetween(cursor: Cursor): Compared | null {
  const phrase = cursor.eat('between', 'in between', 'in the range of', 'ranging from', 'from');
  if (!phrase) return null;
  const low = parseOperand(cursor);
  if (low === null || !cursor.eat('and', 'to', '-', 'through', 'until')) return null;
  const high = parseOperand(cursor);
  return high === null
    ? null
    : { attribute: null, comparison: 'between', concept: null, operands: [low, high], negated: false };
}

/** "either 32 or 33". */
function either(cursor: Cursor, first: Compared): Compared {
  if (first.comparison !== '=') return first;
  const operands = [...first.operands];
  for (;;) {
    const more = cursor.attempt(() => {
      cursor.eat(',');
      return cursor.eat('or') && cursor.peek()?.number !== undefined ? parseOperand(cursor) : null;
    });
    if (more === null) return { ...first, operands };
    operands.push(more);
  }
}

const UNITS = [
  'years old',
  'year old',
  'years of age',
  'years',
  'dollars',
  'usd',
  'euros',
  'percent',
  '%',
  'square miles',
  'miles',
  'meters',
  'kg',
  'minutes',
  'seconds',
  'hours',
  'pounds',
];

function parseOperand(cursor: Cursor): Operand | null {
  const aggregate = cursor.attempt(() => parseAggregateOperand(cursor));
  if (aggregate !== null) return aggregate;
  cursor.eat('the year', 'year', 'either', 'the');
  const date = parseDate(cursor.tokens, cursor.at, cursor.today);
  if (date !== null) {
    cursor.advance(date.to - cursor.at);
    return { kind: 'date', range: date.range };
  }
  const token = cursor.peek();
  if (token?.number === undefined || SUPERLATIVES.has(cursor.peek(1)?.lower ?? '')) return null;
  cursor.advance();
  if (cursor.mention('column', 'table') === null || cursor.is('%')) cursor.eat(...UNITS);
  else cursor.eat('years old', 'year old', 'years of age');
  return { kind: 'number', number: token.number, text: token.text };
}

/** "the average", "the minimum staff number of all museums opened after 2010", "that of the average". */
function parseAggregateOperand(cursor: Cursor): Operand | null {
  skipDeterminers(cursor);
  const aggregate = cursor.eatLongest(AGGREGATES);
  if (aggregate === undefined) return null;
  cursor.eat('value of', 'of');
  skipDeterminers(cursor);
  const attribute = parseAttribute(cursor);
  const modifiers =
    attribute?.numeric === false ? [] : cursor.is('of', 'for', 'among', 'in', 'across') ? parseModifiers(cursor) : [];
  return { kind: 'aggregate', aggregate, attribute: attribute?.numeric ? attribute.mention : null, modifiers };
}

/**
 * A quantity as a condition: "older than 20", "with more than 2 songs", "a capacity over 500".
 * After the number may come what is counted (a table) or measured (a numeric column).
 */
export function parseQuantity(cursor: Cursor, glue: Glue): Modifier | null {
  const start = cursor.peek();
  if (start?.kind === 'number' && isPlainYear(cursor)) return null;
  const compared = parseCompared(cursor);
  if (compared === null) return null;
  const negated = compared.negated !== glue.negated;
  if (compared.attribute !== null) return { kind: 'compare', aggregate: null, ...compared, negated, hints: glue.hints };
  const counted = cursor.attempt(() => parseCounted(cursor));
  if (counted?.kind === 'measure') {
    return { kind: 'compare', aggregate: null, ...compared, attribute: counted.mention, negated, hints: glue.hints };
  }
  const exact = compared.comparison === '=' && compared.concept === null;
  if (counted === null) {
    const said = glue.hints.mentions.length > 0 || glue.words.includes('is') || glue.words.includes('are');
    return exact && !said ? null : { kind: 'compare', aggregate: null, ...compared, negated, hints: glue.hints };
  }
  const numbers = compared.operands.flatMap((operand) => (operand.kind === 'number' ? [operand.number] : []));
  if (negated || numbers.length !== compared.operands.length) return null;
  if (exact && glue.words.some((word) => word === 'in' || word === 'of' || word === 'from')) return null;
  const { distinct } = counted;
  const quantifier = { kind: 'count', comparison: compared.comparison, numbers, distinct } as const;
  return { kind: 'related', noun: counted.noun, quantifier, hints: glue.hints };
}

/** A year before nothing else is a date: "in 2014", "in 2014 or 2015". */
function isPlainYear(cursor: Cursor): boolean {
  const number = cursor.peek()?.number;
  if (number === undefined || number < 1800 || number > 2100) return false;
  const next = cursor.peek(1)?.lower;
  return next === undefined || !['and', 'or'].includes(next) || cursor.peek(2)?.kind === 'number';
}

type Counted =
  | { readonly kind: 'measure'; readonly mention: Mention }
  | { readonly kind: 'count'; readonly noun: NounNode; readonly distinct: boolean };

function parseCounted(cursor: Cursor): Counted | null {
  const distinct = cursor.eat('different', 'distinct');
  cursor.eat('of');
  const mention = cursor.mention('table', 'column');
  // "at least one high severity ticket": a value before what is counted.
  if (mention === null && cursor.mention('value') === null) return null;
  if (mention === null) return countedNoun(cursor, distinct);
  const table = Math.max(0, ...tablesOf(mention).map(({ quality }) => quality));
  const measures = columnsOf(mention).filter(({ column }) => isMeasure(column));
  if (measures.length > 0 && table < Math.max(...measures.map(({ quality }) => quality))) {
    cursor.take(mention);
    return { kind: 'measure', mention };
  }
  return countedNoun(cursor, distinct);
}

function countedNoun(cursor: Cursor, distinct: boolean): Counted | null {
  const noun = cursor.within(() => parseNoun(cursor, { modifiers: true }));
  return noun === null || tablesOf(noun.mention).length + columnsOf(noun.mention).length === 0
    ? null
    : { kind: 'count', noun, distinct };
}
