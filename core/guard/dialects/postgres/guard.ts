import { type Facts, noFacts, type Refusal, Refused } from '../../classify.ts';
import { decide, refuse } from '../../decide.ts';
import { planOnly } from '../../shown-columns.ts';
import type { Guard } from '../../verdict.ts';
import { classify } from './classify.ts';
import { checkExplainOptions, SHOWN_SETTINGS } from './explain.ts';
import { isFields, textOf, unwrap } from './nodes.ts';
import { loadParser, type Parsed } from './parser.ts';
import { postgresRules } from './rules.ts';
import { reasonForKind } from './statement-kinds.ts';

const ONLY_READS = 'Custard runs reads only: SELECT, VALUES, TABLE, EXPLAIN without ANALYZE.';

export async function postgresGuard(): Promise<Guard> {
  const parser = await loadParser();
  const rules = postgresRules();
  return {
    async check(statement) {
      const facts = readFacts(statement, await parser.parse(statement));
      return 'refusals' in facts ? decide(statement, facts, rules) : refuse(statement, facts);
    },
  };
}

function readFacts(statement: string, parsed: Parsed): Facts | Refusal {
  switch (parsed.kind) {
    case 'broken':
      return {
        code: 'CONSTRUCT_NOT_ALLOWED',
        reason: 'The statement is nested more deeply than the parser can follow.',
        hint: 'Write it with fewer levels: long chains as lists, subqueries as WITH.',
        offset: 0,
      };
    case 'invalid':
      return invalid(statement, parsed);
    case 'tree':
      return only(statement, parsed);
    default:
      return parsed satisfies never;
  }
}

/** `near "…"` quotes the statement, which may be a literal or the rest of one: kept only where it is a plain word. */
function invalid(statement: string, { message, offset }: Extract<Parsed, { kind: 'invalid' }>): Refusal {
  const described = message.replace(/ at or near "([\s\S]*)"$/, (near, token: string) =>
    /^[A-Za-z_]\w*$|^[^\w\s'"$]{1,3}$/.test(token) ? near : '',
  );
  return {
    code: 'STATEMENT_INVALID',
    reason: `PostgreSQL cannot parse the statement: ${described}.`,
    hint: 'Correct the statement there.',
    offset: [...statement].slice(0, offset).join('').length,
  };
}

function only(statement: string, { statements }: Extract<Parsed, { kind: 'tree' }>): Facts | Refusal {
  const toOffset = byteOffsets(statement);
  const [first, second] = statements;
  if (first === undefined) {
    return { code: 'STATEMENT_INVALID', reason: 'There is no statement.', hint: 'Write a SELECT.', offset: 0 };
  }
  if (second !== undefined) {
    const start = toOffset(second.stmt_location ?? 0);
    const offset = start + leadingSpace(statement.slice(start));
    const hint = 'Send one statement at a time.';
    return { code: 'MULTIPLE_STATEMENTS', reason: 'There is more than one statement.', hint, offset };
  }
  return classifyStatement(first.stmt, toOffset, leadingSpace(statement));
}

function classifyStatement(stmt: unknown, toOffset: (bytes: number) => number, start: number): Facts | Refusal {
  const { kind, fields } = unwrap(stmt) ?? { kind: '', fields: {} };
  try {
    if (kind === 'SelectStmt') return classify(stmt, toOffset);
    if (kind === 'ExplainStmt') {
      checkExplainOptions(fields, toOffset);
      const query = unwrap(fields['query']);
      if (query?.kind === 'SelectStmt' && isFields(fields['query']))
        return planOnly(classify(fields['query'], toOffset));
      return { code: 'NOT_READ_ONLY', reason: reasonForKind(query?.kind ?? kind), hint: ONLY_READS, offset: start };
    }
    if (kind === 'VariableShowStmt' && SHOWN_SETTINGS.has(textOf(fields, 'name') ?? '')) return noFacts();
    return { code: 'NOT_READ_ONLY', reason: reasonForKind(kind), hint: ONLY_READS, offset: start };
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
}

/** White space and comments before the first token. */
function leadingSpace(text: string): number {
  return /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/.exec(text)?.[0].length ?? 0;
}

/** From offsets in bytes of UTF-8 to offsets in UTF-16 units: worked out once, since every node asks. */
function byteOffsets(statement: string): (bytes: number) => number {
  const length = Buffer.byteLength(statement);
  if (length === statement.length) return (bytes) => bytes;
  const offsets = new Uint32Array(length + 1);
  let [bytes, units] = [0, 0];
  for (const character of statement) {
    const end = bytes + Buffer.byteLength(character);
    offsets.fill(units, bytes, end);
    bytes = end;
    units += character.length;
  }
  offsets[length] = units;
  return (offset) => offsets[offset] ?? units;
}
