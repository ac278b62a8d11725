import { type Facts, Refused } from '../../classify.ts';
import { decide, refuse } from '../../decide.ts';
import { Scope } from '../../scope.ts';
import type { Guard } from '../../verdict.ts';
import { Cursor } from './cursor.ts';
import { type Parsing, parseExpression } from './expression.ts';
import { Notes } from './notes.ts';
import { sqliteRules } from './rules.ts';
import { parseSelect } from './select.ts';
import { reasonForStatement } from './statement-kinds.ts';
import { tokenize } from './tokenize.ts';

export function sqliteGuard(): Promise<Guard> {
  const rules = sqliteRules();
  return Promise.resolve({
    check(statement) {
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
  const cursor = new Cursor(tokenize(statement));
  const notes = new Notes();
  const parsing: Parsing = {
    cursor,
    notes,
    select: (scope) => parseSelect(parsing, scope),
    expression: (scope) => parseExpression(parsing, scope),
  };
  if (cursor.accept('EXPLAIN')) cursor.accept('QUERY', 'PLAN');
  refuseOtherStatements(cursor);
  parseSelect(parsing, new Scope(undefined));
  refuseMore(cursor);
  return notes.resolve();
}

function refuseOtherStatements(cursor: Cursor): void {
  const { kind, text, offset } = cursor.peek();
  if (cursor.at('SELECT') || cursor.at('VALUES') || cursor.at('WITH')) return;
  if (kind === 'end') {
    const reason = 'There is no statement.';
    throw new Refused({ code: 'STATEMENT_INVALID', reason, hint: 'Write a SELECT.', offset });
  }
  const reason = kind === 'keyword' ? reasonForStatement(text) : undefined;
  if (reason === undefined) cursor.fail('expected SELECT');
  throw new Refused({
    code: 'NOT_READ_ONLY',
    reason,
    hint: 'Custard runs reads only: SELECT, VALUES, EXPLAIN.',
    offset,
  });
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
