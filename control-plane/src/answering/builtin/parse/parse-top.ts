import { BY_FREQUENCY, SUPERLATIVES } from '../lexicon/superlatives.ts';
import type { Cursor } from './cursor.ts';
import { parseAggregateWord, parseAttribute } from './parse-attribute.ts';
import { parseNoun, skipDeterminers } from './parse-noun.ts';
import type { TopNode } from './question-tree.ts';

/**
 * Superlatives. Before a noun ("the 3 youngest singers") the adjective alone says what is measured
 * or leaves it open; after one ("with the highest capacity", "with the most concerts") the words
 * after it do.
 */
export function parseTop(cursor: Cursor, place: 'before-noun' | 'after-noun'): TopNode | null {
  return cursor.attempt(() => {
    skipDeterminers(cursor);
    const lead = parseNumber(cursor);
    if (place === 'before-noun' && cursor.peek()?.lower === 'number') return null;
    if (cursor.onName) return null;
    const frequency = cursor.eatLongest(BY_FREQUENCY);
    if (frequency !== undefined) {
      return { ...EMPTY, direction: frequency, limit: lead ?? 1, count: 'rows' };
    }
    if (place === 'before-noun' && cursor.is('top') && cursor.peek(1)?.number !== undefined) {
      cursor.advance();
      const limit = parseNumber(cursor) ?? 1;
      const word = cursor.eatLongest(SUPERLATIVES);
      return { ...EMPTY, direction: word?.direction ?? 'desc', limit, concept: word?.concept ?? null };
    }
    const counting = cursor.is('most', 'fewest', 'least');
    const word = cursor.eatLongest(SUPERLATIVES);
    if (word === undefined) {
      // "the 5 customers with the most orders": how many; by what comes later.
      const counted = place === 'before-noun' && lead !== null && cursor.mention('table') !== null;
      return counted ? { ...EMPTY, limit: lead } : null;
    }
    const limit = lead ?? parseNumber(cursor) ?? 1;
    // "the top three lowest distances": the lowest three.
    const sharper =
      cursor.peek(-1)?.number === undefined || cursor.onName ? undefined : cursor.eatLongest(SUPERLATIVES);
    if (sharper !== undefined)
      return place === 'before-noun'
        ? { ...EMPTY, direction: sharper.direction, limit, concept: sharper.concept }
        : measured(cursor, { ...EMPTY, direction: sharper.direction, limit, concept: sharper.concept }, false);
    if (place === 'before-noun') return { ...EMPTY, direction: word.direction, limit, concept: word.concept };
    return measured(cursor, { ...EMPTY, direction: word.direction, limit, concept: word.concept }, counting);
  });
}

const EMPTY: TopNode = { direction: 'desc', limit: 1, attribute: null, aggregate: null, concept: null, count: null };

function parseNumber(cursor: Cursor): number | null {
  const number = cursor.peek()?.number;
  if (number === undefined || !Number.isInteger(number) || number < 1 || number > 10_000) return null;
  cursor.advance();
  return number;
}

/** What stands after "with the highest", "with the most". */
function measured(cursor: Cursor, top: TopNode, counting: boolean): TopNode | null {
  const total = cursor.is('total');
  if (
    !cursor.onName &&
    cursor.eat('number of', 'numbers of', 'amount of', 'total number of', 'total amount of', 'count of')
  ) {
    const attribute = parseAttribute(cursor);
    if (attribute?.numeric)
      return { ...top, concept: null, attribute: attribute.mention, aggregate: total ? 'sum' : null };
    const noun = parseNoun(cursor, { modifiers: true });
    return noun === null ? null : { ...top, concept: null, count: noun };
  }
  const aggregate = cursor.onName ? null : parseAggregateWord(cursor);
  skipDeterminers(cursor);
  const attribute = parseAttribute(cursor);
  if (attribute !== null && (attribute.numeric || aggregate !== null)) {
    return { ...top, concept: null, attribute: attribute.mention, aggregate };
  }
  if (aggregate !== null) return null;
  if (top.concept !== null) return cursor.mention('table', 'column') === null ? top : null;
  if (!counting) return null;
  const noun = parseNoun(cursor, { modifiers: true });
  return noun === null ? null : { ...top, count: noun };
}
