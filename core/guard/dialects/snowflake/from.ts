import { Refused } from '../../classify.ts';
import type { Cursor } from '../../parsing/cursor.ts';
import type { Parsing } from '../../parsing/parsing.ts';
import type { Scope } from '../../parsing/scope.ts';
import type { Token } from '../../parsing/token.ts';
import type { TableName } from '../../verdict.ts';
import { words } from '../../words.ts';
import { noteColumn, noteTable } from './columns.ts';
import { parseDotted, SELECT_STARTS } from './keywords.ts';
import { refuseStage, refuseVariable } from './names-of-data.ts';
import { parseQueryTail } from './query.ts';
import { parseRows } from './select.ts';
import { parseSemanticView } from './semantic-view.ts';
import { parseTableFunction } from './table-functions.ts';
import { parseSuffixes } from './table-suffixes.ts';

const FROM_ENDS = words(') ; WHERE GROUP HAVING QUALIFY ORDER LIMIT UNION');

export function parseFrom(parsing: Parsing, scope: Scope): void {
  const { cursor } = parsing;
  parseJoined(parsing, scope);
  while (cursor.accept(',')) {
    if (cursor.atAny(FROM_ENDS) || cursor.peek().kind === 'end') return;
    parseJoined(parsing, scope);
  }
}

/** A source and what is joined to it. */
function parseJoined(parsing: Parsing, scope: Scope): void {
  const { cursor, notes } = parsing;
  parseSource(parsing, scope);
  for (;;) {
    const join = acceptJoin(cursor);
    if (join === undefined) return;
    const { offset } = cursor.peek();
    parseSource(parsing, scope);
    // A natural join compares columns the statement does not name.
    if (join === 'natural') notes.column(['*'], scope, offset);
    parseConditions(parsing, scope);
    // PIVOT and the like may take all that was joined.
    if (!cursor.atAny(JOIN_SUFFIXES)) continue;
    notes.column(['*'], scope, offset);
    parseSuffixes(parsing, scope, { table: null, name: undefined });
  }
}

const JOIN_SUFFIXES = words('PIVOT UNPIVOT MATCH_RECOGNIZE');
const SIDES = words('INNER LEFT RIGHT FULL CROSS ASOF');

function acceptJoin(cursor: Cursor): 'natural' | 'other' | undefined {
  let ahead = 0;
  const isNatural = cursor.at('NATURAL', ahead);
  if (isNatural) ahead++;
  if (cursor.atAny(SIDES, ahead)) ahead++;
  if (cursor.at('OUTER', ahead)) ahead++;
  if (cursor.at('DIRECTED', ahead)) ahead++;
  if (!cursor.at('JOIN', ahead)) return undefined;
  for (; ahead >= 0; ahead--) cursor.take();
  return isNatural ? 'natural' : 'other';
}

/** Joins may be nested without parentheses, so that one source has the conditions of several joins behind it. */
function parseConditions(parsing: Parsing, scope: Scope): void {
  const { cursor } = parsing;
  for (;;) {
    if (cursor.accept('ON')) parsing.expression(scope);
    else if (cursor.accept('USING')) parseUsing(parsing, scope);
    else if (cursor.accept('MATCH_CONDITION', '(')) {
      parsing.expression(scope);
      cursor.expect(')');
    } else return;
  }
}

function parseUsing({ cursor, notes }: Parsing, scope: Scope): void {
  cursor.expect('(');
  do {
    const names = parseDotted(cursor);
    // The column of every table that has it, whichever is named.
    noteColumn(notes, names.slice(-1), scope);
  } while (cursor.accept(','));
  cursor.expect(')');
}

function parseSource(parsing: Parsing, scope: Scope): void {
  const { cursor } = parsing;
  const isLateral = cursor.accept('LATERAL');
  const token = cursor.peek();
  if (cursor.at('(')) parseParenthesizedSource(parsing, scope);
  else if (cursor.accept('VALUES')) {
    parseRows(parsing, scope);
    parseSuffixes(parsing, scope, { table: null, name: undefined });
  } else if (cursor.at('TABLE') && cursor.at('(', 1)) parseTableOf(parsing, scope);
  else if (cursor.at('@') || token.kind === 'string') refuseStage(token);
  else if (token.kind === 'variable') refuseVariable(token);
  else if (cursor.at('SEMANTIC_VIEW') && cursor.at('(', 1)) parseSemanticView(parsing, scope);
  else parseNamedSource(parsing, scope, isLateral);
}

function parseParenthesizedSource(parsing: Parsing, scope: Scope): void {
  const { cursor, notes } = parsing;
  cursor.nested(() => {
    const { offset } = cursor.expect('(');
    const tables = scope.ownTables().length;
    // VALUES may have an alias inside the parentheses, so it is read like a source.
    if (cursor.atAny(SELECT_STARTS) && !cursor.at('VALUES')) parsing.select(scope);
    else {
      parseFrom(parsing, scope);
      // `((SELECT …) UNION …)`: what began like a join is a query.
      if (cursor.atAny(QUERY_TAILS)) parseQueryTail(parsing, scope);
    }
    cursor.expect(')');
    const found = parseSuffixes(parsing, scope, { table: null, name: undefined });
    // An alias of a parenthesized join renames the columns of its tables, and PIVOT reads them.
    if (scope.ownTables().length > tables && found !== 'nothing') notes.column(['*'], scope, offset);
  });
}

const QUERY_TAILS = words('UNION INTERSECT EXCEPT MINUS ORDER LIMIT OFFSET FETCH');

/** `TABLE(function(…))`. */
function parseTableOf(parsing: Parsing, scope: Scope): void {
  const { cursor } = parsing;
  cursor.expect('TABLE');
  cursor.expect('(');
  const token = cursor.peek();
  if (token.kind === 'string' || token.kind === 'variable' || cursor.at(':')) refuseTableByText(token);
  parseTableFunction(parsing, scope, parseDotted(cursor));
  cursor.expect(')');
  parseSuffixes(parsing, scope, { table: null, name: undefined });
}

function refuseTableByText({ offset }: Token): never {
  throw new Refused({
    code: 'CONSTRUCT_NOT_ALLOWED',
    reason: 'TABLE names a table by a text or a variable.',
    hint: 'Write the name of the table without TABLE().',
    offset,
  });
}

function parseNamedSource(parsing: Parsing, scope: Scope, isLateral: boolean): void {
  const { cursor, notes } = parsing;
  // TABLE is reserved, but sqlglot writes it as a name, and the engine refuses it itself.
  const names = cursor.at('TABLE') ? [cursor.take()] : parseDotted(cursor);
  if (cursor.at('(')) {
    parseTableFunction(parsing, scope, names);
    return void parseSuffixes(parsing, scope, { table: null, name: names.at(-1) });
  }
  if (isLateral || names.length > MAX_PARTS) cursor.fail('expected a table function or a query');
  const table = noteTable(notes, names, scope);
  const isDerived = table.schema === null && scope.isTableExpression(table.name);
  const base: TableName | null = isDerived ? null : table;
  parseSuffixes(parsing, scope, { table: base, name: names.at(-1) });
}

const MAX_PARTS = 3;
