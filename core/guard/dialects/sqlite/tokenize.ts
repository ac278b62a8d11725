import { Refused } from '../../classify.ts';
import type { Token, TokenKind } from '../../parsing/token.ts';
import { KEYWORDS } from './keywords.ts';

/**
 * SQLite's tokens, as src/tokenize.c of 3.53 cuts them; sticky, tried in this order at each place. What that file calls
 * illegal matches nothing here. Left out on purpose, and so refused: Tcl's variables `$a::b(c)` and the parser's own `#1`.
 */
const PATTERNS: readonly { readonly kind: TokenKind | 'space'; readonly pattern: RegExp }[] = [
  // An unterminated comment runs to the end; comments do not nest. U+FEFF is skipped between tokens.
  { kind: 'space', pattern: /(?:[ \t\n\f\r\uFEFF]+|--[^\n]*|\/\*(?:[\s\S]*?\*\/|[\s\S]+$))+/y },
  { kind: 'blob', pattern: /[xX]'(?:[0-9a-fA-F]{2})*'/y },
  { kind: 'string', pattern: /'[^']*(?:''[^']*)*'/y },
  { kind: 'name', pattern: /"[^"]*(?:""[^"]*)*"|`[^`]*(?:``[^`]*)*`|\[[^\]]*\]/y },
  {
    kind: 'number',
    pattern:
      /0[xX][0-9a-fA-F](?:_?[0-9a-fA-F])*|(?:\d(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?/y,
  },
  { kind: 'variable', pattern: /\?\d*|[$@:][\w$\u0080-\uFFFF]+/y },
  { kind: 'keyword', pattern: /[A-Za-z_\u0080-\uFFFF][\w$\u0080-\uFFFF]*/y },
  { kind: 'symbol', pattern: /->>|->|==|<=|<>|<<|>=|>>|!=|\|\||[-+*/%=<>|,&~().;]/y },
];

const NAME_CHARACTER = /[\w$\u0080-\uFFFF]/;

/** @throws Refused at what SQLite cannot read either */
export function tokenize(statement: string): readonly Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  while (offset < statement.length) {
    const { kind, text } = next(statement, offset);
    if (kind === 'keyword') tokens.push(word(text, offset));
    else if (kind === 'name' || kind === 'string') tokens.push({ kind, text: unquote(text), offset });
    else if (kind !== 'space') tokens.push({ kind, text, offset });
    offset += text.length;
  }
  tokens.push({ kind: 'end', text: '', offset });
  return tokens;
}

function next(statement: string, offset: number): { readonly kind: TokenKind | 'space'; readonly text: string } {
  for (const { kind, pattern } of PATTERNS) {
    pattern.lastIndex = offset;
    const text = pattern.exec(statement)?.[0];
    if (text === undefined) continue;
    const after = statement[offset + text.length] ?? '';
    // `12ab` is one illegal token, not a number and a name; `$a(`, `$a::b` are Tcl's.
    if (kind === 'number' && NAME_CHARACTER.test(after)) break;
    if (kind === 'variable' && (after === '(' || after === ':')) break;
    return { kind, text };
  }
  throw new Refused({
    code: 'STATEMENT_INVALID',
    reason: 'SQLite cannot read the statement from here: a character, quote or number that is not well formed.',
    hint: 'Close every quote, and quote names with double quotes.',
    offset,
  });
}

function word(text: string, offset: number): Token {
  const upper = text.toUpperCase();
  // Upper-casing may turn other letters into ASCII ones; a keyword is ASCII to begin with.
  return /^\w+$/.test(text) && KEYWORDS.has(upper)
    ? { kind: 'keyword', text: upper, offset }
    : { kind: 'name', text, offset };
}

function unquote(text: string): string {
  const quote = text[0] ?? '';
  const inner = text.slice(1, -1);
  return quote === '[' ? inner : inner.replaceAll(quote + quote, quote);
}
