import type { Facts } from '../../classify.ts';
import { Cursor } from '../../parsing/cursor.ts';
import { Notes } from '../../parsing/notes.ts';
import type { Parsing } from '../../parsing/parsing.ts';
import { Scope } from '../../parsing/scope.ts';
import { refuseMore, refuseNothing } from '../../parsing/statement-ends.ts';
import { recognizer } from '../../recognizer.ts';
import { planOnly } from '../../shown-columns.ts';
import type { Guard } from '../../verdict.ts';
import { parseExpression } from './expression.ts';
import { fold, SQLITE_NAMES } from './keywords.ts';
import { sqliteRules } from './rules.ts';
import { parseSelect } from './select.ts';
import { tokenize } from './tokenize.ts';

export function sqliteGuard(): Promise<Guard> {
  const rules = sqliteRules();
  return Promise.resolve(recognizer(classify, rules));
}

/** @throws Refused at anything but one SELECT, VALUES, or EXPLAIN of one */
function classify(statement: string): Facts {
  const cursor = new Cursor(tokenize(statement), SQLITE_NAMES);
  const notes = new Notes(fold);
  const parsing: Parsing = {
    cursor,
    notes,
    select: (scope) => parseSelect(parsing, scope),
    expression: (scope) => parseExpression(parsing, scope),
  };
  const isExplained = cursor.accept('EXPLAIN');
  if (isExplained) cursor.accept('QUERY', 'PLAN');
  refuseNothing(cursor);
  parseSelect(parsing, new Scope(undefined), 'outermost');
  refuseMore(cursor);
  const facts = notes.resolve();
  return isExplained ? planOnly(facts) : facts;
}
