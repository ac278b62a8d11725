import { Refused } from '../../classify.ts';

/** White space, comments (which nest), text in quotes, words, semicolons, and any other character. */
const TOKEN =
  /(\s+|--[^\n\r]*)|(\/\*)|('(?:[^']|'')*'?|"(?:[^"]|"")*"?|\$([A-Za-z_]\w*)?\$(?:[\s\S]*?\$\4\$|[\s\S]*))|(\w+)|[\s\S]/gy;
const COMMENT_EDGE = /\/\*|\*\//g;

interface Token {
  readonly text: string;
  readonly offset: number;
}

/** What is not white space or comment. */
function* tokens(statement: string): Generator<Token> {
  let offset = 0;
  while (offset < statement.length) {
    TOKEN.lastIndex = offset;
    const [text = '', space, comment] = TOKEN.exec(statement) ?? [];
    if (space === undefined && comment === undefined) yield { text, offset };
    offset = comment === undefined ? offset + Math.max(1, text.length) : endOfComment(statement, offset);
  }
}

function endOfComment(statement: string, start: number): number {
  COMMENT_EDGE.lastIndex = start;
  let depth = 0;
  for (;;) {
    const edge = COMMENT_EDGE.exec(statement);
    if (edge === null) return statement.length;
    depth += edge[0] === '/*' ? 1 : -1;
    if (depth === 0) return COMMENT_EDGE.lastIndex;
  }
}

function first(statement: string, count: number): (Token | undefined)[] {
  const found: Token[] = [];
  for (const token of tokens(statement)) {
    if (found.push(token) === count) break;
  }
  return found;
}

/**
 * The serializer takes SELECT only, so EXPLAIN is blanked out, and every offset stays as it is. What is left is parsed
 * and judged like any other statement: if this is not where the engine sees its EXPLAIN, that fails.
 * @throws Refused at EXPLAIN ANALYZE
 */
export function withoutExplain(statement: string): string {
  const [explain, ...options] = first(statement, 5);
  if (explain?.text.toLowerCase() !== 'explain') return statement;
  const texts = options.map((token) => token?.text.toLowerCase() ?? '');
  if (texts[0] === 'analyze' || texts[0] === 'analyse') {
    throw new Refused({
      code: 'NOT_READ_ONLY',
      reason: 'EXPLAIN with ANALYZE runs the statement.',
      hint: 'Use EXPLAIN without ANALYZE.',
      offset: explain.offset,
    });
  }
  const isFormat = texts[0] === '(' && texts[1] === 'format' && texts[3] === ')';
  return [explain, ...(isFormat ? options : [])].reduce(
    (text, token) => (token === undefined ? text : blank(text, token)),
    statement,
  );
}

function blank(statement: string, { text, offset }: Token): string {
  return statement.slice(0, offset) + ' '.repeat(text.length) + statement.slice(offset + text.length);
}

/** The first word, and where it stands; for messages. */
export function headOf(statement: string): { readonly word: string; readonly offset: number } {
  for (const { text, offset } of tokens(statement)) {
    if (text !== ';') return { word: /^\w+$/.test(text) ? text.toUpperCase() : '', offset };
  }
  return { word: '', offset: 0 };
}

/** Where a second statement begins, or undefined where there is none; for messages. */
export function secondStatement(statement: string): number | undefined {
  let state: 'before' | 'first' | 'after' = 'before';
  for (const { text, offset } of tokens(statement)) {
    if (text !== ';' && state === 'after') return offset;
    if (text !== ';') state = 'first';
    else if (state === 'first') state = 'after';
  }
  return undefined;
}
