import type { Scope } from '../../parsing/scope.ts';
import type { MysqlParsing } from './context.ts';
import { parseType } from './types.ts';

/** `JSON_TABLE(document, '$.path' COLUMNS (…))`; it makes a table of a document that other tables hold. */
export function parseJsonTable(parsing: MysqlParsing, scope: Scope): void {
  const { cursor } = parsing;
  cursor.expect('JSON_TABLE');
  cursor.expect('(');
  parsing.expression(scope);
  cursor.expect(',');
  parsing.expression(scope);
  parseColumns(parsing, scope);
  parseOnEmptyOrError(parsing, scope);
  cursor.expect(')');
}

function parseColumns(parsing: MysqlParsing, scope: Scope): void {
  const { cursor } = parsing;
  cursor.expect('COLUMNS');
  cursor.nested(() => {
    cursor.expect('(');
    do parseColumn(parsing, scope);
    while (cursor.accept(','));
    cursor.expect(')');
  });
}

function parseColumn(parsing: MysqlParsing, scope: Scope): void {
  const { cursor } = parsing;
  if (cursor.at('NESTED') && (cursor.at('PATH', 1) || cursor.peek(1).kind === 'string')) {
    cursor.take();
    cursor.accept('PATH');
    parsing.expression(scope);
    parseColumns(parsing, scope);
    return;
  }
  cursor.name();
  if (cursor.accept('FOR')) {
    cursor.expect('ORDINALITY');
    return;
  }
  parseType(parsing, scope);
  cursor.accept('EXISTS');
  if (cursor.accept('PATH')) parsing.expression(scope);
  parseOnEmptyOrError(parsing, scope);
}

/** `NULL ON EMPTY`, `ERROR ON ERROR`, `DEFAULT 'x' ON EMPTY`. */
export function parseOnEmptyOrError(parsing: MysqlParsing, scope: Scope): void {
  const { cursor } = parsing;
  while (cursor.at('NULL') || cursor.at('ERROR') || cursor.at('DEFAULT')) {
    if (cursor.take().text === 'DEFAULT') parsing.expression(scope);
    cursor.expect('ON');
    if (!cursor.accept('EMPTY')) cursor.expect('ERROR');
  }
}
