import { type Facts, Refused } from '../../classify.ts';
import { decide, refuse } from '../../decide.ts';
import { Cursor, type Names } from '../../parsing/cursor.ts';
import { Notes } from '../../parsing/notes.ts';
import { Scope } from '../../parsing/scope.ts';
import type { Guard } from '../../verdict.ts';
import { type MysqlParsing, Sources } from './context.ts';
import { acceptExplain } from './explain.ts';
import { parseExpression } from './expression.ts';
import { engineOf, type Flavour } from './flavour.ts';
import { fold } from './keywords.ts';
import { parseQuery } from './query.ts';
import { Sizes } from './sizes.ts';
import { tokenize } from './tokenize.ts';

export function mysqlGuard(flavour: Flavour): Promise<Guard> {
  const { names, rules } = engineOf(flavour);
  return Promise.resolve({
    async check(statement) {
      try {
        return decide(statement, classify(statement, names), rules);
      } catch (error) {
        if (error instanceof Refused) return refuse(statement, error.refusal);
        throw error;
      }
    },
  });
}

/** @throws Refused at anything but one SELECT, VALUES, TABLE, or EXPLAIN of one */
function classify(statement: string, names: Names): Facts {
  const cursor = new Cursor(tokenize(statement, names.dialect), names);
  const notes = new Notes(fold);
  const parsing: MysqlParsing = {
    statement,
    cursor,
    notes,
    sources: new Sources(),
    sizes: new Sizes(),
    select: (scope) => void parseQuery(parsing, scope),
    expression: (scope) => parseExpression(parsing, scope),
  };
  refuseNothing(cursor);
  acceptExplain(cursor);
  parseQuery(parsing, new Scope(undefined), 'outermost');
  refuseMore(cursor);
  for (const { scope, offset } of parsing.sources.ambiguous()) notes.column(['*'], scope, offset);
  return notes.resolve();
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
