import { Refused } from '../../classify.ts';
import type { Token } from '../../parsing/token.ts';
import { isHarmlessHint } from './hints.ts';
import { CHARACTER_SETS } from './keywords.ts';

/**
 * The tokens of MySQL 9 and MariaDB (sql/sql_lex.cc), under the settings Custard's connections have: double quotes and
 * single quotes are strings, a backslash escapes, the character set is UTF-8. Sticky, tried in this order at each place.
 * Left out on purpose, and so refused: what starts with $ and may be a dollar-quoted text of MySQL 9, and whatever the
 * two engines or two versions of them do not read alike.
 */
type Kind = Token['kind'] | 'space' | 'hint' | 'assignment' | 'executable' | 'comment' | 'minuses';

const PATTERNS: readonly { readonly kind: Kind; readonly pattern: RegExp }[] = [
  { kind: 'space', pattern: /(?:[ \t\n\v\f\r]+|#[^\n]*|--(?=[ \t\n\v\f\r]|$)[^\n]*)/y },
  { kind: 'minuses', pattern: /--/y },
  { kind: 'executable', pattern: /\/\*M?!/y },
  { kind: 'hint', pattern: /\/\*\+(?:(?!\/\*)[\s\S])*?\*\//y },
  // One that is opened again inside, or never closed, is read differently by different versions.
  { kind: 'space', pattern: /\/\*(?!\+)(?:(?!\/\*)[\s\S])*?\*\//y },
  { kind: 'comment', pattern: /\/\*/y },
  {
    kind: 'blob',
    pattern:
      /[xX]'(?:[0-9a-fA-F]{2})*'|[bB]'[01]*'|0x[0-9a-fA-F]+(?![\w$\u0080-\uFFFF])|0b[01]+(?![\w$\u0080-\uFFFF])/y,
  },
  { kind: 'string', pattern: /[nN]?'[^'\\]*(?:(?:''|\\[\s\S])[^'\\]*)*'|"[^"\\]*(?:(?:""|\\[\s\S])[^"\\]*)*"/y },
  { kind: 'name', pattern: /`[^`]*(?:``[^`]*)*`/y },
  {
    kind: 'number',
    pattern: /\d+(?:[eE][+-]?\d+|\.\d*(?:[eE][+-]?\d+)?|(?![\w$\u0080-\uFFFF.]))|\.\d+(?:[eE][+-]?\d+)?/y,
  },
  {
    kind: 'variable',
    pattern:
      /@@(?:[\w$.\u0080-\uFFFF]|`[^`]*`)+|@[\w$.\u0080-\uFFFF]+|@'[^'\\]*(?:(?:''|\\[\s\S])[^'\\]*)*'|@"[^"\\]*(?:(?:""|\\[\s\S])[^"\\]*)*"|@`[^`]*(?:``[^`]*)*`|\?/y,
  },
  { kind: 'keyword', pattern: /[\w\u0080-\uFFFF][\w$\u0080-\uFFFF]*|\$[\w\u0080-\uFFFF]*(?![\w$\u0080-\uFFFF])/y },
  { kind: 'assignment', pattern: /:=/y },
  { kind: 'symbol', pattern: /->>|->|<=>|<=|<>|<<|>=|>>|!=|&&|\|\||[-+*/%=<>!|&^~(),.;{}]/y },
];

/** After a dot that touches it, any word is a name: reserved ones, and ones that begin with a digit. */
const WORD = /[\w$\u0080-\uFFFF]+/y;
const NULL_LITERAL = '\\N';

/** @throws Refused at what the engines cannot read either, and at what they may read in more than one way */
export function tokenize(statement: string, dialect: string): readonly Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  while (offset < statement.length) {
    const { kind, text } = next(statement, offset, tokens.at(-1), dialect);
    if (kind === 'keyword') tokens.push(word(statement, text, offset));
    else if (kind === 'string' || (kind === 'name' && text.startsWith('`')))
      tokens.push({ kind, text: unquote(text), offset });
    else if (kind !== 'space') tokens.push({ kind, text, offset });
    offset += text.length;
  }
  tokens.push({ kind: 'end', text: '', offset });
  return tokens;
}

function next(
  statement: string,
  offset: number,
  before: Token | undefined,
  dialect: string,
): { readonly kind: Token['kind'] | 'space'; readonly text: string } {
  if (statement[offset] === '.' && touches(before, offset) && isWordAt(statement, offset + 1)) {
    return { kind: 'symbol', text: '.' };
  }
  if (before?.kind === 'symbol' && before.text === '.' && before.offset === offset - 1) {
    WORD.lastIndex = offset;
    const text = WORD.exec(statement)?.[0];
    if (text !== undefined) return { kind: 'name', text };
  }
  if (statement.startsWith(NULL_LITERAL, offset)) return { kind: 'keyword', text: NULL_LITERAL };
  for (const { kind, pattern } of PATTERNS) {
    pattern.lastIndex = offset;
    const text = pattern.exec(statement)?.[0];
    if (text !== undefined) return { kind: settle(kind, text, offset), text };
  }
  throw new Refused({
    code: 'STATEMENT_INVALID',
    reason: `${dialect} cannot read the statement from here: a character, comment, quote or number that is not well formed.`,
    hint: 'Close every quote and comment, and quote names with backticks.',
    offset,
  });
}

function isWordAt(statement: string, offset: number): boolean {
  return /[\w$\u0080-\uFFFF]/.test(statement[offset] ?? '');
}

/** Whether a word that is not quoted ends right here. */
function touches(before: Token | undefined, offset: number): boolean {
  const isWord = before?.kind === 'keyword' || before?.kind === 'name';
  return isWord && before.offset + before.text.length === offset;
}

/** @throws Refused at what is well formed, but not a read's business */
function settle(kind: Kind, text: string, offset: number): Token['kind'] | 'space' {
  if (kind === 'hint' && isHarmlessHint(text)) return 'space';
  if (kind === 'hint' || kind === 'assignment' || kind === 'executable' || kind === 'comment' || kind === 'minuses') {
    throw new Refused({ code: 'CONSTRUCT_NOT_ALLOWED', ...REFUSED[kind], offset });
  }
  return kind;
}

const REFUSED = {
  hint: {
    reason: 'The optimizer hint is not one of those that only choose a plan.',
    hint: 'Leave the hint out: hints can lift time limits and change settings.',
  },
  assignment: { reason: ':= assigns a variable.', hint: 'Write it with a window function or a subquery.' },
  executable: { reason: '/*! … */ is not a comment: the engine runs what is in it.', hint: 'Write it without /*! */.' },
  comment: { reason: 'A comment begins inside a comment, or is not closed.', hint: 'Leave the comment out.' },
  minuses: {
    reason: '-- begins a comment only where white space follows; here it means minus minus.',
    hint: 'Put a space after -- for a comment, or between the two for a sum.',
  },
} as const;

function word(statement: string, text: string, offset: number): Token {
  if (text === NULL_LITERAL) return { kind: 'keyword', text: 'NULL', offset };
  const end = offset + text.length;
  if (statement[end] === '.' && isWordAt(statement, end + 1)) return { kind: 'name', text, offset };
  const upper = text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
  const isIntroducer = text.startsWith('_') && CHARACTER_SETS.has(text.slice(1).toLowerCase());
  return isIntroducer ? { kind: 'symbol', text: '_charset', offset } : { kind: 'keyword', text: upper, offset };
}

function unquote(text: string): string {
  const start = /^n/i.test(text) ? 1 : 0;
  const quote = text[start] ?? '';
  const inner = text.slice(start + 1, -1).replaceAll(quote + quote, quote);
  return quote === '`' ? inner : inner.replace(/\\([\s\S])/g, '$1');
}
