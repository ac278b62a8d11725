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
import { SNOWFLAKE_NAMES } from './keywords.ts';
import { parseQuery } from './query.ts';
import { snowflakeRules } from './rules.ts';
import { refuseEffects } from './statement-kinds.ts';
import { tokenize } from './tokenize.ts';

export function snowflakeGuard(): Promise<Guard> {
  const rules = snowflakeRules();
  return Promise.resolve(recognizer(classify, rules));
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
  const isExplained = acceptExplain(cursor);
  parseQuery(parsing, new Scope(undefined), 'outermost');
  refuseEffects(cursor);
  refuseMore(cursor);
  const facts = notes.resolve();
  return isExplained ? planOnly(facts) : facts;
}

function acceptExplain(cursor: Cursor): boolean {
  if (!cursor.accept('EXPLAIN')) return false;
  if (cursor.accept('USING') && !cursor.accept('TEXT') && !cursor.accept('JSON')) cursor.expect('TABULAR');
  return true;
}
