import { AGGREGATES } from '../lexicon/aggregates.ts';
import { DETERMINERS } from '../lexicon/glue.ts';
import { columnsOf, type Mention, tablesOf } from '../link/mention.ts';
import type { Cursor } from './cursor.ts';
import { isMeasure, isNumeric } from './parse-attribute.ts';
import { type Compared, parseCompared } from './parse-comparison.ts';
import { type Glue, parseGlue } from './parse-glue.ts';
import { parseValues } from './parse-modifiers.ts';
import type { Comparison, Modifier, Operand } from './question-tree.ts';

const CONTAINS: ReadonlyMap<string, Comparison> = new Map([
  ['contains', 'contains'],
  ['contain', 'contains'],
  ['containing', 'contains'],
  ['contains the word', 'contains'],
  ['contain the word', 'contains'],
  ['containing the word', 'contains'],
  ['includes', 'contains'],
  ['including', 'contains'],
  ['includes the word', 'contains'],
  ['has the word', 'contains'],
  ['have the word', 'contains'],
  ['with the word', 'contains'],
  ['starts with', 'starts'],
  ['start with', 'starts'],
  ['starting with', 'starts'],
  ['begins with', 'starts'],
  ['begin with', 'starts'],
  ['beginning with', 'starts'],
  ['ends with', 'ends'],
  ['end with', 'ends'],
  ['ending with', 'ends'],
]);

/** "singers", where a column holds the singer's number: what follows is said of the singers. */
function isRatherTable(mention: Mention): boolean {
  const table = Math.max(0, ...tablesOf(mention).map(({ quality }) => quality));
  return table >= Math.max(...columnsOf(mention).map(({ quality }) => quality));
}

const SAYING = new Set(['is', 'are', 'was', 'were', 'be', 'equal', 'equals', 'as', 'of']);

/** A column, then what it is: "whose capacity is above 500", "with age 3", "whose name contains 'x'". */
export function parseAttributeClause(cursor: Cursor, glue: Glue, joined: boolean): Modifier | null {
  const listed = joined && glue.words.every((word) => DETERMINERS.has(word) || word === 'also');
  const aggregate = cursor.onName ? null : (cursor.eatLongest(AGGREGATES) ?? null);
  const attribute = cursor.mention('column');
  if (attribute === null) return null;
  cursor.take(attribute);
  const match = cursor.attempt(() => parseMatch(cursor));
  if (match !== null) {
    return { kind: 'compare', attribute, aggregate, concept: null, ...match, negated: glue.negated, hints: glue.hints };
  }
  const direct = aggregate === null ? cursor.attempt(() => parseValues(cursor, glue, attribute)) : null;
  if (direct !== null) return direct;
  const linking = parseGlue(cursor);
  const said = glue.relative || linking.words.some((word) => SAYING.has(word)) || cursor.at === attribute.to;
  const negated = glue.negated !== linking.negated;
  const compared = isRatherTable(attribute) ? null : cursor.attempt(() => parseMeasured(cursor, attribute));
  if (compared !== null) {
    if (!said && compared.comparison === '=') return null;
    // "the name of 3": a bare number says nothing of a text column.
    return {
      kind: 'compare',
      aggregate,
      ...compared,
      attribute,
      negated: negated !== compared.negated,
      hints: glue.hints,
    };
  }
  // "the code and name of airports in Anthony": another thing asked for, not what it is.
  if (aggregate !== null || (listed && !linking.words.some((word) => SAYING.has(word) && word !== 'of'))) return null;
  const values = parseValues(
    cursor,
    { ...linking, negated, hints: glue.hints, both: glue.both || linking.both },
    attribute,
  );
  if (values !== null) return values;
  return cursor.attempt(() => parseUnknownText(cursor, attribute, negated, glue));
}

/** A number is compared with what can be measured only. */
function parseMeasured(cursor: Cursor, attribute: Mention): Compared | null {
  const compared = parseCompared(cursor);
  if (compared === null) return null;
  const plain = compared.operands.every(({ kind }) => kind === 'number') && compared.comparison !== '=';
  const columns = columnsOf(attribute).map(({ column }) => column);
  const keyed = columns.some((column) => column.isKey || column.words.includes('id') || isNumeric(column));
  return keyed || columns.some(isMeasure) || (!plain && compared.operands.some(({ kind }) => kind === 'date'))
    ? compared
    : null;
}

/** A quoted text that the data does not hold, said of a named column: an honest empty result. */
function parseUnknownText(
  cursor: Cursor,
  attribute: NonNullable<ReturnType<Cursor['mention']>>,
  negated: boolean,
  glue: Glue,
): Modifier | null {
  const token = cursor.peek();
  if (
    token?.kind !== 'quoted' ||
    !columnsOf(attribute).some(({ column, quality }) => column.column.kind === 'text' && quality >= 0.8)
  )
    return null;
  cursor.advance();
  const operands: Operand[] = [{ kind: 'text', text: token.text, mention: null }];
  return {
    kind: 'compare',
    attribute,
    aggregate: null,
    concept: null,
    comparison: '=',
    operands,
    negated,
    hints: glue.hints,
  };
}

function parseMatch(cursor: Cursor): { comparison: Comparison; operands: Operand[] } | null {
  cursor.eat('that', 'which');
  cursor.eat('also');
  const comparison = cursor.eatLongest(CONTAINS);
  if (comparison === undefined) return null;
  // "starts with A": at the end that is no article.
  if (cursor.peek(1) !== undefined) cursor.eat('the', 'a', 'an');
  cursor.eat('letter', 'letters', 'string', 'substring', 'phrase', 'word', 'text');
  const token = cursor.peek();
  if (token === undefined || (token.kind !== 'quoted' && token.kind !== 'word')) return null;
  cursor.advance();
  cursor.eat('in it', 'in them');
  return { comparison, operands: [{ kind: 'text', text: token.text, mention: null }] };
}
