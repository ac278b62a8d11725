import type { Facts } from '../../classify.ts';
import { Cursor } from '../../parsing/cursor.ts';
import { Notes } from '../../parsing/notes.ts';
import { Scope } from '../../parsing/scope.ts';
import { refuseMore, refuseNothing } from '../../parsing/statement-ends.ts';
import { recognizer } from '../../recognizer.ts';
import { planOnly } from '../../shown-columns.ts';
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
  return Promise.resolve(recognizer((statement) => classify(statement, engine), engine.rules));
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
  const isExplained = acceptExplain(cursor);
  parseQuery(parsing, new Scope(undefined), 'outermost');
  refuseMore(cursor);
  if (diesOfSchemas && parsing.sources.hasSchemaInNamedJoin) refuseSchemas(cursor);
  for (const { scope, offset } of parsing.sources.ambiguous()) notes.column(['*'], scope, offset);
  const facts = notes.resolve();
  return isExplained ? planOnly(facts) : facts;
}

/** MariaDB 10.11 ends with a segmentation fault where such a column is not found. */
function refuseSchemas(cursor: Cursor): never {
  const reason = 'A column with a schema in front, in a statement with NATURAL JOIN or USING, can crash MariaDB.';
  return refuseConstruct(reason, 'Name columns by table and column alone, or join with ON.', cursor.peek());
}
