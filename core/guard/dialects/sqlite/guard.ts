import { type Facts, Refused } from '../../classify.ts';
import { decide, refuse } from '../../decide.ts';
import { Cursor } from '../../parsing/cursor.ts';
import { Notes } from '../../parsing/notes.ts';
import type { Parsing } from '../../parsing/parsing.ts';
import { Scope } from '../../parsing/scope.ts';
import { planOnly } from '../../shown-columns.ts';
import type { Guard } from '../../verdict.ts';
import { parseExpression } from './expression.ts';
import { fold, SQLITE_NAMES } from './keywords.ts';
import { sqliteRules } from './rules.ts';
import { parseSelect } from './select.ts';
import { tokenize } from './tokenize.ts';

export function sqliteGuard(): Promise<Guard> {
  const rules = sqliteRules();
  return Promise.resolve({
    async check(statement) {
      try {
        return decide(statement, classify(statement), rules);
      } catch (error) {
        if (error instanceof Refused) return refuse(statement, error.refusal);
        throw error;
      }
    },
  });
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

function refuseNothing(cursor: Cursor): void {
  const { kind, offset } = cursor.peek();
  if (kind !== 'end') return;
  throw new Refused({ code: 'STATEMENT_INVALID', reason: 'There is no statement.', hint: 'Write a SELECT.', offset });
}

function refuseMore(cursor: Cursor): void {
  if (cursor.peek().kind === 'end') return;
  cursor.expect(';');
  while (cursor.accept(';'));
  const { kind, offset } = cursor.peek();
  if (kind === 'end') return;
  const reason = 'There is more than one statement.';
  throw new Refused({ code: 'MULTIPLE_STATEMENTS', reason, hint: 'Send one statement at a time.', offset });
}
