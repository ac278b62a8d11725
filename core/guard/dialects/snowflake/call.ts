import { Refused } from '../../classify.ts';
import type { Magnitude, Parsing } from '../../parsing/parsing.ts';
import type { Scope } from '../../parsing/scope.ts';
import type { Token } from '../../parsing/token.ts';
import { parseSortList } from '../../parsing/window.ts';
import { words } from '../../words.ts';
import { DATE_PART_FIRST, DATE_PARTS } from './date-parts.ts';
import { acceptLambda } from './lambda.ts';
import { PatternScope } from './pattern-scope.ts';
import { functionComplaint } from './rules.ts';
import { oversizeOf } from './sizes.ts';
import { parseStarModifiers } from './star.ts';
import { parseOverClause } from './window.ts';

export interface Arguments {
  /** The text of the first one, where that is a literal. */
  readonly literal: string | undefined;
  /** Constants by the position of the argument, from 0, and by its name. */
  readonly sizes: ReadonlyMap<number | string, Magnitude>;
}

/** `name(…)` with what may stand behind; the cursor is at the parenthesis. */
export function parseCall(parsing: Parsing, scope: Scope, names: readonly Token[]): undefined {
  const name = noteFunction(parsing, scope, names);
  refuseOversize(parsing, name, parseArguments(parsing, scope, name));
  parseOverClause(parsing, scope, name.text);
}

export function refuseOversize({ notes }: Parsing, name: Token, found: Arguments): void {
  const reason = oversizeOf(name.text, found);
  if (reason !== undefined) notes.refuse(reason, name);
}

/** @throws Refused at one that may not be called: what it takes need not be parsed */
export function noteFunction({ cursor, notes }: Parsing, scope: Scope, names: readonly Token[]): Token {
  const last = names.at(-1);
  if (cursor.at('!')) refuseMethod(cursor.peek());
  if (last === undefined) throw new Error('a call has a name');
  // What Snowflake has is in upper case; a name that is quoted in another way can only be somebody's own.
  const text = /^[A-Z0-9_$]+$/.test(last.text) ? last.text.toLowerCase() : `"${last.text}"`;
  const schema = names.length === 1 ? undefined : { ...last, text: names.slice(0, -1).map(schemaText).join('.') };
  const name = { ...last, text };
  const use = { schema: schema?.text ?? null, name: text, offset: names[0]?.offset ?? last.offset };
  const complaint = functionComplaint(use, scope instanceof PatternScope ? 'pattern' : 'anywhere');
  if (complaint !== undefined) throw new Refused({ ...complaint, offset: use.offset });
  notes.function(schema, name);
  return name;
}

export function refuseMethod({ offset }: Token): never {
  throw new Refused({
    code: 'FUNCTION_NOT_ALLOWED',
    reason: 'A method of a model or another object runs code that the guard does not know.',
    hint: 'Use built-in functions.',
    offset,
  });
}

function schemaText({ text }: Token): string {
  return text.toLowerCase();
}

/** Calls of the aggregate that counts rows read no column by their star. */
const ROW_COUNTS = words('count');

export function parseArguments(parsing: Parsing, scope: Scope, name: Token): Arguments {
  const { cursor } = parsing;
  cursor.expect('(');
  const sizes = new Map<number | string, Magnitude>();
  const { kind, text } = cursor.peek();
  const literal = kind === 'string' ? text : undefined;
  if (!cursor.accept('DISTINCT')) cursor.accept('ALL');
  for (let position = 0; !cursor.at(')'); position++) {
    if (!acceptDatePart(parsing, name, position)) parseArgument(parsing, scope, name, position, sizes);
    if (!cursor.accept(',')) break;
  }
  if (cursor.accept('ORDER', 'BY')) parseSortList(parsing, scope);
  if (cursor.accept('IGNORE') || cursor.accept('RESPECT')) cursor.expect('NULLS');
  cursor.expect(')');
  return { literal, sizes };
}

/** `month` of `dateadd(month, …)` is no column. */
function acceptDatePart({ cursor }: Parsing, name: Token, position: number): boolean {
  const place = DATE_PART_FIRST.has(name.text) ? 0 : name.text === 'last_day' ? 1 : -1;
  if (position !== place || !(cursor.at(',', 1) || cursor.at(')', 1))) return false;
  const { kind, text } = cursor.peek();
  if ((kind !== 'name' && kind !== 'keyword') || !DATE_PARTS.has(text)) return false;
  cursor.take();
  return true;
}

function parseArgument(
  parsing: Parsing,
  scope: Scope,
  name: Token,
  position: number,
  sizes: Map<number | string, Magnitude>,
): void {
  const { cursor } = parsing;
  const isNamed = cursor.atName() && cursor.at('=>', 1);
  const key = isNamed ? cursor.take().text : position;
  if (isNamed) cursor.expect('=>');
  if (cursor.at('*')) parseStar(parsing, scope, name);
  else if (!acceptLambda(parsing, scope)) {
    if (cursor.at('SELECT') || cursor.at('WITH')) parsing.select(scope);
    else {
      sizes.set(key, parsing.expression(scope));
      // `t.* EXCLUDE a`
      if (cursor.at('*', -1)) parseStarModifiers(parsing, scope);
    }
  }
}

function parseStar(parsing: Parsing, scope: Scope, name: Token): void {
  const { cursor, notes } = parsing;
  const { offset } = cursor.expect('*');
  if (!ROW_COUNTS.has(name.text)) notes.column(['*'], scope, offset);
  parseStarModifiers(parsing, scope);
}
