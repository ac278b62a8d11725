import type { Dialect } from '#core/dialects.ts';
import { CustardError } from '#core/errors.ts';
import { deniedError } from '#core/guard/denied-error.ts';
import type { Allowed } from '#core/guard/verdict.ts';
import type { PhraseReading } from '#core/protocol/api.ts';
import type { RejectedDraft, SqlWriter, WriteTask } from '../answering/sql-writer.ts';
import type { StatementGuard } from './guard-statement.ts';

/** A statement the guard has passed. */
export interface CheckedStatement {
  readonly sql: string;
  readonly maker: string;
  readonly model: string | null;
  readonly assumptions: readonly string[];
  readonly reading: readonly PhraseReading[];
  readonly tables: readonly string[];
}

/** Drafts for one question at most, the first one included. */
const MAX_DRAFTS = 3;

export interface StatementChecker {
  readonly guard: StatementGuard;
  readonly dialect: Dialect;
  /** Told of each refusal. */
  readonly onDenied: (draft: Omit<CheckedStatement, 'tables'>, error: CustardError) => void;
}

/** A statement of the asker's own. Throws the guard's refusal. */
export async function checkStatement(sql: string, checker: StatementChecker): Promise<CheckedStatement> {
  const draft = { sql, maker: 'user', model: null, assumptions: [], reading: [] };
  const verdict = await checker.guard.check(checker.dialect, sql);
  if (verdict.verdict === 'allow') return { ...draft, tables: tableNames(verdict) };
  const error = deniedError(verdict);
  checker.onDenied(draft, error);
  throw error;
}

/**
 * Has a statement written until the guard passes one, telling the writer what was wrong with those
 * before. `rejected` grows by what the guard refuses. Throws CLARIFICATION_NEEDED, UNSURE, or the last
 * refusal when no draft is left.
 */
export async function writeStatement(
  writer: SqlWriter,
  task: Omit<WriteTask, 'rejected'>,
  rejected: RejectedDraft[],
  checker: StatementChecker,
): Promise<CheckedStatement> {
  for (;;) {
    const draft = await writer.write({ ...task, rejected });
    if (draft.kind === 'clarify') throw clarification(draft.question, draft.choices);
    if (draft.kind === 'unsure') throw unsure(draft.reason, writer.maker, checker.dialect);
    const { sql, model, assumptions, reading } = draft;
    const written = { sql, maker: writer.maker, model, assumptions, reading };
    const verdict = await checker.guard.check(checker.dialect, sql);
    if (verdict.verdict === 'allow') return { ...written, tables: tableNames(verdict) };
    const error = deniedError(verdict);
    checker.onDenied(written, error);
    if (isLastDraft(sql, rejected)) throw error;
    rejected.push({ sql, reason: verdict.reason });
  }
}

/** Also true when the writer comes back with what was rejected before: it has nothing better. */
export function isLastDraft(sql: string, rejected: readonly RejectedDraft[]): boolean {
  return rejected.length + 1 >= MAX_DRAFTS || rejected.some((draft) => draft.sql === sql);
}

const tableNames = ({ tables }: Allowed): string[] =>
  tables.map(({ schema, name }) => (schema === null ? name : `${schema}.${name}`));

function clarification(question: string, choices: readonly string[]): CustardError {
  return new CustardError('CLARIFICATION_NEEDED', question, {
    hint: choices.length === 0 ? 'Ask again, saying which.' : `Ask again, saying which: ${choices.join(', ')}.`,
    details: { choices },
  });
}

const PIPELINE = `custard sql '{"collection": "orders", "pipeline": […]}'`;

function unsure(reason: string, maker: SqlWriter['maker'], dialect: Dialect): CustardError {
  const example = dialect === 'mongodb' ? PIPELINE : 'custard sql "SELECT …"';
  const advice = `Word it with the names of tables and columns (custard schema list), or write it: ${example}.`;
  const model = maker === 'builtin' ? ' With OPENAI_API_KEY set, a model answers what the builtin planner cannot.' : '';
  return new CustardError('UNSURE', reason, { hint: `${advice}${model}` });
}
