import { type Facts, Refused } from '../../classify.ts';
import { decide, refuse } from '../../decide.ts';
import { Cursor } from '../../parsing/cursor.ts';
import { Notes } from '../../parsing/notes.ts';
import { Scope } from '../../parsing/scope.ts';
import type { Guard } from '../../verdict.ts';
import { type MysqlParsing, Sources } from './context.ts';
import { acceptExplain } from './explain.ts';
import { parseExpression } from './expression.ts';
import { type Engine, engineOf, type Flavour } from './flavour.ts';
import { fold } from './keywords.ts';
import { parseQuery } from './query.ts';
import { refuseConstruct } from './refusals.ts';
import { Sizes } from './sizes.ts';
import { tokenize } from './tokenize.ts';

export function mysqlGuard(flavour: Flavour): Promise<Guard> {
  const engine = engineOf(flavour);
  return Promise.resolve({
    async check(statement) {
      try {
        return decide(statement, classify(statement, engine), engine.rules);
      } catch (error) {
        if (error instanceof Refused) return refuse(statement, error.refusal);
        throw error;
      }
    },
  });
}

/** @throws Refused at anything but one SELECT, VALUES, TABLE, or EXPLAIN of one */
function classify(statement: string, { names, diesOfSchemas }: Engine): Facts {
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
  if (diesOfSchemas && parsing.sources.hasSchemaInNamedJoin) refuseSchemas(cursor);
  for (const { scope, offset } of parsing.sources.ambiguous()) notes.column(['*'], scope, offset);
  return notes.resolve();
}

/** MariaDB 10.11 ends with a segmentation fault where such a column is not found. */
function refuseSchemas(cursor: Cursor): never {
  const reason = 'A column with a schema in front, in a statement with NATURAL JOIN or USING, can crash MariaDB.';
  return refuseConstruct(reason, 'Name columns by table and column alone, or join with ON.', cursor.peek());
}

function refuseNothing(cursor: Cursor): void {
  const { kind, offset } = cursor.peek();
  if (kind !== 'end' && !cursor.at(';')) return;
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
