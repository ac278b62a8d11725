import { CustardError, isCustardError } from '#core/errors.ts';

/** They read, and an engine makes no plan of how. */
const UNPLANNED: ReadonlySet<string> = new Set(['explain', 'show', 'describe', 'desc', 'summarize', 'pragma']);
/** Blanks, comments and parentheses before the first word, in all dialects together. */
const BEFORE = /(?:[\s(;]|--[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/)*/y;

/** Whether an engine for SQL makes a plan for it. */
export function hasPlan(statement: string): boolean {
  BEFORE.lastIndex = 0;
  const start = BEFORE.exec(statement)?.[0].length ?? 0;
  return !UNPLANNED.has(/^[a-z]+/i.exec(statement.slice(start, start + 20))?.[0].toLowerCase() ?? '');
}

/**
 * Has a statement planned with the engine's words for that in a line before it, and tells the places of errors as they
 * are in the statement itself.
 */
export async function plan<T>(words: string, statement: string, run: (text: string) => Promise<T>): Promise<T> {
  try {
    return await run(`${words}\n${statement}`);
  } catch (error) {
    throw inStatement(error);
  }
}

function inStatement(error: unknown): unknown {
  if (!isCustardError(error) || error.details.where === undefined) return error;
  const { code, message, hint, cause, details } = error;
  const { line, column } = error.details.where;
  const { where: _, ...others } = details;
  const where = line > 1 ? { where: { line: line - 1, column } } : {};
  return new CustardError(code, message.replace(/\bline \d+\b/, `line ${Math.max(1, line - 1)}`), {
    cause,
    details: { ...others, ...where },
    ...(hint === undefined ? {} : { hint }),
  });
}
