import { type Facts, Refused } from '../../classify.ts';
import { decide, refuse } from '../../decide.ts';
import { Cursor } from '../../parsing/cursor.ts';
import { Notes } from '../../parsing/notes.ts';
import type { Parsing } from '../../parsing/parsing.ts';
import { Scope } from '../../parsing/scope.ts';
import type { Guard } from '../../verdict.ts';
import { parseExpression } from './expression.ts';
import { SNOWFLAKE_NAMES } from './keywords.ts';
import { parseQuery } from './query.ts';
import { snowflakeRules } from './rules.ts';
import { refuseEffects } from './statement-kinds.ts';
import { tokenize } from './tokenize.ts';

export function snowflakeGuard(): Promise<Guard> {
  const rules = snowflakeRules();
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
  const cursor = new Cursor(tokenize(statement), SNOWFLAKE_NAMES);
  // The tokenizer has folded the names, since only it knows which of them were quoted.
  const notes = new Notes((name) => name);
  const parsing: Parsing = {
    cursor,
    notes,
    select: (scope) => parseQuery(parsing, scope),
    expression: (scope) => parseExpression(parsing, scope),
  };
  refuseNothing(cursor);
  acceptExplain(cursor);
  parseQuery(parsing, new Scope(undefined), 'outermost');
  refuseEffects(cursor);
  refuseMore(cursor);
  return notes.resolve();
}

function acceptExplain(cursor: Cursor): void {
  if (!cursor.accept('EXPLAIN') || !cursor.accept('USING')) return;
  if (!cursor.accept('TEXT') && !cursor.accept('JSON')) cursor.expect('TABULAR');
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
