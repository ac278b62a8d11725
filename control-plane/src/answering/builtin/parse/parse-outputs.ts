import { AGGREGATES, COUNTS } from '../lexicon/aggregates.ts';
import { DETERMINERS } from '../lexicon/glue.ts';
import { columnsOf, tablesOf } from '../link/mention.ts';
import type { Cursor } from './cursor.ts';
import { isMeasure } from './parse-attribute.ts';
import { parseNoun, skipDeterminers } from './parse-noun.ts';
import type { AggregateName, OutputNode } from './question-tree.ts';

/** What is asked for: one or more things, properties, counts and aggregates. */
export function parseOutputs(cursor: Cursor): OutputNode[] {
  const outputs: OutputNode[] = [];
  for (;;) {
    const items = cursor.attempt(() => {
      if (outputs.length > 0 && !separator(cursor)) return null;
      return parseOutput(cursor);
    });
    if (items === null) return outputs;
    outputs.push(...items.map((item) => withAggregate(item, outputs.at(-1), cursor)));
  }
}

/** "the average height and weight": the average of both. */
function withAggregate(output: OutputNode, before: OutputNode | undefined, cursor: Cursor): OutputNode {
  if (output.kind !== 'noun' || before?.kind !== 'noun' || before.aggregates.length !== 1) return output;
  const { mention } = output.noun;
  const article = DETERMINERS.has(cursor.tokens[mention.from - 1]?.lower ?? '');
  const figure = columnsOf(mention).some(({ column, quality }) => quality >= 0.8 && isMeasure(column));
  return output.aggregates.length > 0 || article || !figure ? output : { ...output, aggregates: before.aggregates };
}

function separator(cursor: Cursor): boolean {
  const start = cursor.at;
  cursor.eat(',');
  cursor.eat('and also', 'and', 'as well as', 'along with', 'together with', 'plus', '&');
  cursor.eat('also', 'then');
  cursor.eat('what is', 'what are', 'list', 'show', 'give', 'find');
  return cursor.at > start;
}

function parseOutput(cursor: Cursor): OutputNode[] | null {
  let distinct = skipDistinct(cursor);
  if (!cursor.onName && cursor.eat(...COUNTS)) {
    distinct = skipDistinct(cursor) || distinct;
    const noun = parseNoun(cursor, { modifiers: true });
    return noun === null ? null : [{ kind: 'count', noun, distinct }];
  }
  cursor.eat('corresponding', 'respective');
  const aggregates = cursor.attempt(() => parseAggregates(cursor)) ?? [];
  if (aggregates.length > 0) cursor.attempt(() => parseNumberOf(cursor));
  distinct = skipDistinct(cursor) || distinct;
  const whole = aggregates.length === 0 && cursor.attempt(() => parseEverything(cursor)) !== null;
  const noun = parseNoun(cursor, { modifiers: true });
  if (noun === null) return null;
  return [{ kind: 'noun', noun, aggregates, distinct, whole }];
}

/** "the total amount of payments", where payments have an amount and only orders have a total amount. */
function isOfAnother(cursor: Cursor): boolean {
  const named = cursor.mention('column');
  if (named === null) return false;
  const start = cursor.at;
  cursor.at = named.to;
  const owner = cursor.eat('of the', 'of all', 'of', 'for') ? cursor.mention('table') : null;
  cursor.at = start + 1;
  const rest = cursor.mention('column');
  cursor.at = start;
  if (owner === null || rest === null || rest.to !== named.to) return false;
  const owners = tablesOf(owner)
    .filter(({ quality }) => quality >= 0.9)
    .map(({ table }) => table);
  const has = (mention: typeof named): boolean =>
    columnsOf(mention).some(({ column, quality }) => quality >= 0.9 && owners.includes(column.table));
  return has(rest) && !has(named);
}

/** "all information about customers": every column. */
function parseEverything(cursor: Cursor): true | null {
  if (cursor.mention('column') !== null || !cursor.eat('information', 'info', 'everything')) return null;
  cursor.eat('known', 'available', 'we have', 'there is');
  return cursor.eat('about', 'on', 'of', 'for') ? true : null;
}

/** "the average number of passengers", where a column holds how many there were. */
function parseNumberOf(cursor: Cursor): true | null {
  if (cursor.onName || !cursor.eat('number of', 'amount of')) return null;
  const figure = cursor.mention('column');
  return figure !== null && columnsOf(figure).some(({ column, quality }) => quality >= 0.8 && isMeasure(column))
    ? true
    : null;
}

/** "average, minimum, and maximum (number of)". Null when no aggregate stands here. */
function parseAggregates(cursor: Cursor): AggregateName[] | null {
  const aggregates: AggregateName[] = [];
  for (;;) {
    skipDeterminers(cursor);
    const aggregate = cursor.onName && !isOfAnother(cursor) ? undefined : cursor.eatLongest(AGGREGATES);
    if (aggregate === undefined) break;
    aggregates.push(aggregate);
    const start = cursor.at;
    cursor.eat(',');
    cursor.eat('and', 'or');
    skipDeterminers(cursor);
    if (cursor.at !== start && cursor.eatLongest(AGGREGATES) === undefined) {
      cursor.at = start;
      break;
    }
    cursor.at = start;
    cursor.eat(',');
    cursor.eat('and', 'or');
  }
  if (aggregates.length === 0) return null;
  cursor.eat('values of', 'value of', 'of', 'values for', 'value for');
  skipDeterminers(cursor);
  return aggregates;
}

const DISTINCT = ['distinct', 'different', 'unique', 'separate'];

/** Moves past "the", "all", "different"; true if they ask for each thing once. */
function skipDistinct(cursor: Cursor): boolean {
  let distinct = false;
  for (;;) {
    if (cursor.eat(...DISTINCT)) distinct = true;
    else if (!skipDeterminers(cursor)) return distinct;
  }
}
