import type { Cursor } from '../../parsing/cursor.ts';
import { Scope } from '../../parsing/scope.ts';
import type { Token } from '../../parsing/token.ts';
import { acceptTableAlias } from './aliases.ts';
import { type MysqlParsing, noteColumn, writtenName } from './context.ts';
import { parseJsonTable } from './json-table.ts';
import { fold } from './keywords.ts';
import { atQuery, atQueryRest, parseQuery, parseQueryRest } from './query.ts';
import { refuseFunction } from './refusals.ts';
import { isLongSequence } from './sizes.ts';

/** A FROM clause, or the joins within parentheses. */
export function parseTables(parsing: MysqlParsing, scope: Scope): void {
  parseFactor(parsing, scope);
  parseJoins(parsing, scope);
}

function parseJoins(parsing: MysqlParsing, scope: Scope): void {
  const { cursor, notes, sources } = parsing;
  parseConditions(parsing, scope);
  for (let join = acceptJoin(cursor); join !== undefined; join = acceptJoin(cursor)) {
    const { offset } = cursor.peek();
    parseFactor(parsing, scope);
    // A natural join compares columns the statement does not name.
    if (join === 'natural') {
      notes.column(['*'], scope, offset);
      sources.joinByName();
    }
    parseConditions(parsing, scope);
  }
}

/** `a JOIN b JOIN c ON … ON …` is good: each condition closes the last join that is open. */
function parseConditions(parsing: MysqlParsing, scope: Scope): void {
  const { cursor } = parsing;
  for (;;) {
    if (cursor.accept('ON')) parsing.expression(scope);
    else if (cursor.accept('USING')) parseUsing(parsing, scope);
    else return;
  }
}

function parseUsing(parsing: MysqlParsing, scope: Scope): void {
  const { cursor } = parsing;
  cursor.expect('(');
  parsing.sources.joinByName();
  do {
    const name = cursor.name();
    noteColumn(parsing, [writtenName(parsing, name)], scope, name.offset);
  } while (cursor.accept(','));
  cursor.expect(')');
}

function acceptJoin(cursor: Cursor): 'natural' | 'plain' | undefined {
  if (cursor.accept(',') || cursor.accept('STRAIGHT_JOIN')) return 'plain';
  const start = cursor.index;
  const isNatural = cursor.accept('NATURAL');
  if (cursor.accept('LEFT') || cursor.accept('RIGHT')) cursor.accept('OUTER');
  else if (!cursor.accept('INNER')) cursor.accept('CROSS');
  if (cursor.index === start && !cursor.at('JOIN')) return undefined;
  if (!isNatural || !cursor.accept('STRAIGHT_JOIN')) cursor.expect('JOIN');
  return isNatural ? 'natural' : 'plain';
}

function parseFactor(parsing: MysqlParsing, scope: Scope): void {
  const { cursor } = parsing;
  if (cursor.accept('{')) {
    cursor.expect('OJ');
    cursor.nested(() => parseTables(parsing, scope));
    cursor.expect('}');
  } else if (cursor.at('(')) {
    if (parseGroup(parsing, scope) !== undefined) parseDerivedAlias(parsing, scope);
  } else if (cursor.accept('LATERAL', '(')) {
    parseQuery(parsing, scope);
    cursor.expect(')');
    parseDerivedAlias(parsing, scope);
  } else if (cursor.at('JSON_TABLE') && cursor.at('(', 1)) {
    parseJsonTable(parsing, scope);
    parseDerivedAlias(parsing, scope);
  } else if (!cursor.accept('DUAL')) parseTable(parsing, scope);
}

/** `(SELECT …)`, `((SELECT …) UNION …)`, `(a JOIN b)`, `((SELECT …) AS x JOIN b)`; gives the scope of what is a query. */
function parseGroup(parsing: MysqlParsing, scope: Scope): Scope | undefined {
  const { cursor } = parsing;
  return cursor.nested(() => {
    cursor.expect('(');
    const query = parseInside(parsing, scope);
    cursor.expect(')');
    return query;
  });
}

function parseInside(parsing: MysqlParsing, scope: Scope): Scope | undefined {
  const { cursor } = parsing;
  if (atQuery(cursor)) return parseQuery(parsing, scope);
  if (!cursor.at('(')) {
    parseTables(parsing, scope);
    return undefined;
  }
  const inner = parseGroup(parsing, scope);
  if (inner !== undefined && cursor.at(')')) return inner;
  if (inner !== undefined && atQueryRest(cursor)) return parseQueryRest(parsing, scope, inner);
  if (inner !== undefined) parseDerivedAlias(parsing, scope);
  parseJoins(parsing, scope);
  return undefined;
}

/** `AS x (a, b)`: names of columns that the query makes. */
function parseDerivedAlias(parsing: MysqlParsing, scope: Scope): void {
  const { cursor, sources } = parsing;
  if (cursor.accept('FOR', 'SYSTEM_TIME')) parseSystemTime(parsing, scope);
  const alias = acceptTableAlias(cursor);
  if (alias === undefined) return;
  sources.add(writtenName(parsing, alias), { alias, table: null, scope });
  if (!cursor.accept('(')) return;
  do cursor.name();
  while (cursor.accept(','));
  cursor.expect(')');
}

function parseTable(parsing: MysqlParsing, scope: Scope): void {
  const { cursor } = parsing;
  // A dot in front says the current schema.
  cursor.accept('.');
  const first = cursor.name();
  const second = cursor.accept('.') ? cursor.name() : undefined;
  const [schema, name] = second === undefined ? [undefined, first] : [first, second];
  if (cursor.at('(')) refuseFunction('A function in FROM is none that only computes', name);
  if (cursor.accept('PARTITION')) parseNames(cursor);
  if (cursor.accept('FOR', 'SYSTEM_TIME')) parseSystemTime(parsing, scope);
  const alias = acceptTableAlias(cursor);
  noteTable(parsing, scope, schema, name, alias);
  if (cursor.accept('TABLESAMPLE')) parseSample(parsing, scope);
  while (cursor.at('USE') || cursor.at('FORCE') || cursor.at('IGNORE')) parseIndexHint(cursor);
}

/** Whether an unqualified name is a WITH's is a matter of its exact spelling: on some servers case counts. */
export function noteTable(
  parsing: MysqlParsing,
  scope: Scope,
  schema: Token | undefined,
  name: Token,
  alias: Token | undefined = undefined,
): void {
  const { notes, sources } = parsing;
  const written = writtenName(parsing, name);
  const isExpression = schema === undefined && scope.isTableExpression(written);
  const table = isExpression ? null : { schema: schema === undefined ? null : fold(schema.text), name: fold(written) };
  // A scope of its own: whether the name is a table was settled here.
  if (table !== null) notes.table(schema, name, new Scope(undefined));
  if (isLongSequence(fold(written))) notes.refuse('The sequence has too many rows.', name);
  const known = alias ?? name;
  sources.add(writtenName(parsing, known), { alias: known, table, scope });
}

function parseNames(cursor: Cursor): void {
  cursor.expect('(');
  do if (!cursor.accept('PRIMARY')) cursor.name();
  while (cursor.accept(','));
  cursor.expect(')');
}

/** MariaDB: the rows as they were. */
function parseSystemTime(parsing: MysqlParsing, scope: Scope): void {
  const { cursor } = parsing;
  if (cursor.accept('ALL')) return;
  if (cursor.accept('AS', 'OF')) parsePoint(parsing, scope);
  else if (cursor.accept('FROM')) {
    parsePoint(parsing, scope);
    cursor.expect('TO');
    parsePoint(parsing, scope);
  } else {
    cursor.expect('BETWEEN');
    // AND is an operator like others here.
    parsePoint(parsing, scope);
    if (cursor.accept('AND')) parsePoint(parsing, scope);
  }
}

function parsePoint(parsing: MysqlParsing, scope: Scope): void {
  const { cursor } = parsing;
  const isLiteral = cursor.peek(1).kind === 'string' || cursor.at('(', 1);
  if (!isLiteral || cursor.at('TRANSACTION')) if (!cursor.accept('TRANSACTION')) cursor.accept('TIMESTAMP');
  parsing.expression(scope);
}

function parseSample(parsing: MysqlParsing, scope: Scope): void {
  const { cursor } = parsing;
  if (!cursor.accept('SYSTEM')) cursor.expect('BERNOULLI');
  cursor.expect('(');
  parsing.expression(scope);
  cursor.expect(')');
}

/** `USE INDEX FOR ORDER BY (i)`. */
function parseIndexHint(cursor: Cursor): void {
  cursor.take();
  if (!cursor.accept('INDEX')) cursor.expect('KEY');
  if (cursor.accept('FOR')) {
    const isKnown = cursor.accept('JOIN') || cursor.accept('ORDER', 'BY') || cursor.accept('GROUP', 'BY');
    if (!isKnown) cursor.fail('expected JOIN, ORDER BY or GROUP BY');
  }
  if (cursor.at('(') && cursor.at(')', 1)) {
    cursor.take();
    cursor.take();
  } else parseNames(cursor);
}
