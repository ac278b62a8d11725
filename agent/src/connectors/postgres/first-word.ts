import { CustardError } from '#core/errors.ts';

/**
 * In PostgreSQL's grammar the first word tells what a statement is. These begin queries, and the two that describe; all
 * else is refused before the server sees it, for its read-only mode lets through much that is no query: ANALYZE,
 * CLUSTER, REINDEX, CHECKPOINT, LOAD, PREPARE, COPY TO a file or a program, and what a DO block does.
 */
const QUERIES: ReadonlySet<string> = new Set(['select', 'with', 'values', 'table', 'explain', 'show']);

/** What the server's lexer skips, parentheses around a query, and empty statements. */
const SKIPPED = /[ \t\n\r\f\v(;]+|--[^\n\r]*/y;
const WORD = /[a-z]+(?![\w$\u0080-\uffff])/iy;

/** NOT_READ_ONLY for a statement that does not begin as a query. It stands by itself: it knows nothing of the guard. */
export function refuseUnlessQuery(statement: string): void {
  WORD.lastIndex = startOf(statement);
  const word = WORD.exec(statement)?.[0].toLowerCase() ?? '';
  if (QUERIES.has(word)) return;
  throw new CustardError('NOT_READ_ONLY', 'The agent runs queries only, and this statement does not begin as one.', {
    hint: 'Begin with SELECT, WITH, VALUES, TABLE, EXPLAIN or SHOW.',
  });
}

function startOf(statement: string): number {
  let at = 0;
  for (;;) {
    SKIPPED.lastIndex = at;
    if (SKIPPED.test(statement)) at = SKIPPED.lastIndex;
    else if (statement.startsWith('/*', at)) at = endOfComment(statement, at);
    else return at;
  }
}

/** Comments nest. One that is never closed takes all the rest. */
function endOfComment(statement: string, start: number): number {
  let depth = 0;
  for (const { 0: mark, index } of statement.slice(start).matchAll(/\/\*|\*\//g)) {
    depth += mark === '/*' ? 1 : -1;
    if (depth === 0) return start + index + mark.length;
  }
  return statement.length;
}
