import { parseDate } from '../dates/parse-date.ts';
import { AGGREGATES } from '../lexicon/aggregates.ts';
import { COMPARATIVES, type Comparative, TRAILING_COMPARATIVES } from '../lexicon/comparatives.ts';
import type { ConceptName } from '../lexicon/concepts.ts';
import { columnsOf, type Mention, tablesOf } from '../link/mention.ts';
import type { Cursor } from './cursor.ts';
import { isMeasure, parseAttribute } from './parse-attribute.ts';
import type { Glue } from './parse-glue.ts';
import { parseModifiers } from './parse-modifiers.ts';
import { parseNoun, skipDeterminers } from './parse-noun.ts';
import type { AggregateName, Comparison, Modifier, Operand } from './question-tree.ts';

/** A comparison with its right side, not yet said of what. */
export interface Compared {
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
  const word = cursor.eatLongest(COMPARATIVES);
  if (word !== undefined) {
    const operand = parseOperand(cursor);
    return operand === null
      ? null
      : either(cursor, { comparison: word.comparison, concept: word.concept, operands: [operand], negated });
  }
  const operand = parseOperand(cursor);
  if (operand === null || operand.kind === 'aggregate') return null;
  const trailing = cursor.eatLongest(TRAILING_COMPARATIVES);
  return either(cursor, { comparison: trailing ?? '=', concept: null, operands: [operand], negated });
}

function parseBetween(cursor: Cursor): Compared | null {
  const phrase = cursor.eat('between', 'in between', 'in the range of', 'ranging from', 'from');
  if (!phrase) return null;
  const low = parseOperand(cursor);
  if (low === null || !cursor.eat('and', 'to', '-', 'through', 'until')) return null;
  const high = parseOperand(cursor);
  return high === null ? null : { comparison: 'between', concept: null, operands: [low, high], negated: false };
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
  cursor.eat('the year', 'year', 'age', 'the age of', 'either', 'the');
  const date = parseDate(cursor.tokens, cursor.at, cursor.today);
  if (date !== null) {
    cursor.advance(date.to - cursor.at);
    return { kind: 'date', range: date.range };
  }
  const token = cursor.peek();
  if (token?.number === undefined) return null;
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
  const counted = cursor.attempt(() => parseCounted(cursor));
  const numbers = compared.operands.flatMap((operand) => (operand.kind === 'number' ? [operand.number] : []));
  if (counted?.kind === 'measure')
    return { kind: 'compare', attribute: counted.mention, aggregate: null, ...compared, negated, hints: glue.hints };
  const exact = compared.comparison === '=' && compared.concept === null;
  if (cursor.peek(-1) !== undefined && counted === null) {
    if (exact && !glue.hints.mentions.length && !glue.words.includes('is') && !glue.words.includes('are')) return null;
    return { kind: 'compare', attribute: null, aggregate: null, ...compared, negated, hints: glue.hints };
  }
  if (counted?.kind !== 'count' || negated || numbers.length !== compared.operands.length) return null;
  return {
    kind: 'related',
    noun: counted.noun,
    quantifier: { kind: 'count', comparison: compared.comparison, numbers },
    hints: glue.hints,
  };
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
  | { readonly kind: 'count'; readonly noun: import('./question-tree.ts').NounNode };

function parseCounted(cursor: Cursor): Counted | null {
  cursor.eat('different', 'distinct', 'of');
  const mention = cursor.mention('table', 'column');
  if (mention === null) return null;
  const table = Math.max(0, ...tablesOf(mention).map(({ quality }) => quality));
  const measures = columnsOf(mention).filter(({ column }) => isMeasure(column));
  if (measures.length > 0 && table < Math.max(...measures.map(({ quality }) => quality))) {
    cursor.take(mention);
    return { kind: 'measure', mention };
  }
  const noun = parseNoun(cursor, { modifiers: true });
  return noun === null ? null : { kind: 'count', noun };
}

export type { AggregateName, Comparative };
