import { Refused } from '../../classify.ts';

const SPACE = String.raw`(?:\s|--[^\n\r]*|/\*(?:[^*]|\*(?!/))*\*/)`;
const EXPLAIN = new RegExp(`^(${SPACE}*)(explain)(${SPACE}*)(\\(\\s*format\\s+\\w+\\s*\\)|analy[sz]e\\b)?`, 'i');
const WORD = new RegExp(`^(?:${SPACE}|;)*(\\w+)?`);
const MORE = new RegExp(
  `^(?:${SPACE}|'(?:[^']|'')*'|"(?:[^"]|"")*"|\\$(\\w*)\\$[\\s\\S]*?\\$\\1\\$|[^;'"])*;+(?:${SPACE}|;)*`,
);

/**
 * The serializer takes SELECT only, so EXPLAIN is blanked out, and every offset stays as it is. What is left is parsed
 * and judged like any other statement: if this is not where the engine sees its EXPLAIN, that fails.
 * @throws Refused at EXPLAIN ANALYZE
 */
export function withoutExplain(statement: string): string {
  const [whole, before = '', explain = '', between = '', option = ''] = EXPLAIN.exec(statement) ?? [];
  if (whole === undefined) return statement;
  if (/^a/i.test(option)) {
    throw new Refused({
      code: 'NOT_READ_ONLY',
      reason: 'EXPLAIN with ANALYZE runs the statement.',
      hint: 'Use EXPLAIN without ANALYZE.',
      offset: before.length,
    });
  }
  const blank = (text: string) => ' '.repeat(text.length);
  return before + blank(explain) + between + blank(option) + statement.slice(whole.length);
}

/** The first word, and where it stands; for messages. */
export function headOf(statement: string): { readonly word: string; readonly offset: number } {
  const [whole = '', word = ''] = WORD.exec(statement) ?? [];
  return { word: word.toUpperCase(), offset: whole.length - word.length };
}

/** Where a second statement begins, or undefined where there is none; for messages. */
export function secondStatement(statement: string): number | undefined {
  const start = headOf(statement).offset;
  const first = MORE.exec(statement.slice(start))?.[0].length;
  return first === undefined || start + first === statement.length ? undefined : start + first;
}
