import { CustardError } from '../../../errors.ts';
import { type Refusal, Refused } from '../../classify.ts';
import { decide, refuse } from '../../decide.ts';
import { planOnly } from '../../shown-columns.ts';
import type { Guard, Verdict } from '../../verdict.ts';
import { classify } from './classify.ts';
import { isFields } from './nodes.ts';
import { type Parsed, Parser } from './parser.ts';
import { duckdbRules } from './rules.ts';
import { headOf, secondStatement, withoutExplain } from './statement-head.ts';
import { QUERY, reasonForHead } from './statement-kinds.ts';

const ONLY_READS = 'Custard runs reads only: SELECT, FROM, VALUES, DESCRIBE, SUMMARIZE, EXPLAIN without ANALYZE.';

/** @throws CustardError UNSUPPORTED_ENGINE where the engine, whose parser it is, is not installed */
export async function duckdbGuard(): Promise<Guard> {
  const parser = new Parser();
  if (!(await parser.start())) {
    throw new CustardError(
      'UNSUPPORTED_ENGINE',
      'DuckDB’s parser is not installed, or has no build for this machine.',
      {
        hint: 'Install it beside Custard: npm install @duckdb/node-api@1.5.5-r.5',
      },
    );
  }
  const rulesFor = duckdbRules();
  const judge = async (statement: string): Promise<Verdict> => {
    const explained = withoutExplain(statement);
    const tree = only(statement, await parser.parse(explained));
    const { facts, tableCalls } = classify(tree, byteOffsets(statement));
    return decide(statement, explained === statement ? facts : planOnly(facts), rulesFor(tableCalls));
  };
  return {
    async check(statement) {
      try {
        return await judge(statement);
      } catch (error) {
        if (error instanceof Refused) return refuse(statement, error.refusal);
        throw error;
      }
    },
  };
}

/** The tree of the one statement. */
function only(statement: string, parsed: Parsed): Readonly<Record<string, unknown>> {
  if (parsed.kind !== 'statements') throw new Refused(refusalOf(statement, parsed));
  const [first, second] = parsed.statements;
  if (second !== undefined) throw new Refused(several(secondStatement(statement) ?? 0));
  if (isFields(first)) return first;
  const hint = 'Write a SELECT.';
  throw new Refused({ code: 'STATEMENT_INVALID', reason: 'There is no statement.', hint, offset: 0 });
}

function refusalOf(statement: string, parsed: Exclude<Parsed, { kind: 'statements' }>): Refusal {
  switch (parsed.kind) {
    case 'other':
      return notOnlyReads(statement);
    case 'invalid':
      return invalid(statement, parsed);
    case 'broken':
      return {
        code: 'CONSTRUCT_NOT_ALLOWED',
        reason: 'The statement is nested more deeply than the parser can follow, or takes it too long.',
        hint: 'Write it with fewer levels: long chains as lists, subqueries as WITH.',
        offset: 0,
      };
    case 'missing': {
      const hint = 'Run the statement again; if that does not help, reinstall @duckdb/node-api.';
      return { code: 'UNSUPPORTED_ENGINE', reason: 'DuckDB’s parser does not start.', hint, offset: 0 };
    }
    default:
      return parsed satisfies never;
  }
}

function notOnlyReads(statement: string): Refusal {
  const second = secondStatement(statement);
  if (second !== undefined) return several(second);
  const { word, offset } = headOf(withoutExplain(statement));
  if (QUERY.has(word) && /\bpivot/i.test(statement)) {
    return {
      code: 'CONSTRUCT_NOT_ALLOWED',
      reason: 'PIVOT without a list of values creates a type in the database to run.',
      hint: 'List the values: PIVOT … ON column IN (value, …).',
      offset,
    };
  }
  return { code: 'NOT_READ_ONLY', reason: reasonForHead(word), hint: ONLY_READS, offset };
}

function several(offset: number): Refusal {
  const hint = 'Send one statement at a time.';
  return { code: 'MULTIPLE_STATEMENTS', reason: 'There is more than one statement.', hint, offset };
}

/** `near "…"` quotes the statement, which may be a literal or the rest of one: kept only where it is a plain word. */
function invalid(statement: string, { message, offset }: Extract<Parsed, { kind: 'invalid' }>): Refusal {
  const isKept = (token: string) => /^[A-Za-z_]\w*$|^[^\w\s'"$]{1,3}$/.test(token);
  const [syntax, near, token = ''] = /^syntax error at(?: end of input| or( near "([\s\S]*)"))$/.exec(message) ?? [];
  const shown = isKept(token) ? syntax : 'syntax error';
  const described = syntax === undefined ? describe(message) : near === undefined ? syntax : shown;
  return {
    code: 'STATEMENT_INVALID',
    reason: `DuckDB cannot parse the statement${described === undefined ? '' : `: ${described}`}.`,
    hint: 'Correct the statement there.',
    offset: [...statement].slice(0, offset).join('').length,
  };
}

/** Of other messages only those without quotes and digits, which may come from literals. */
function describe(message: string): string | undefined {
  const [first = ''] = message.split('\n');
  const unquoted = first.replace(/ at or near "[\s\S]*$/, '');
  return /^[A-Za-z ,()/-]{1,120}$/.test(unquoted) ? unquoted : undefined;
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
