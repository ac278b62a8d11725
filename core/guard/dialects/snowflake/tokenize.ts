import { Refused } from '../../classify.ts';
import type { Token, TokenKind } from '../../parsing/token.ts';
import { foldAscii, KEYWORDS } from './keywords.ts';

interface Pattern {
  readonly kind: TokenKind | 'space';
  readonly pattern: RegExp;
}

/**
 * Snowflake's tokens, by its SQL reference (2026-07); sticky. Where the reference is silent and two readings would hide
 * different texts from the guard and from the engine, nothing matches: a comment inside a comment, and a line comment
 * with a line break other than a line feed in it.
 */
const SPACE: Pattern = {
  kind: 'space',
  pattern:
    /(?:[ \t\n\f\r]+|(?:--|\/\/)(?:[^\n\r\v\f\u0085\u2028\u2029]|\r(?=\n))*(?=\n|$)|\/\*(?:[^*/]|\*(?!\/)|\/(?!\*))*\*\/)+/y,
};
const BLOB: Pattern = { kind: 'blob', pattern: /[xX]'(?:[0-9a-fA-F]{2})*'/y };
const STRING: Pattern = { kind: 'string', pattern: /'(?:[^'\\]|''|\\[\s\S])*'(?!')|\$\$(?:[^$]|\$(?!\$))*\$\$/y };
const NAME: Pattern = { kind: 'name', pattern: /"(?:[^"]|"")+"(?!")/y };
const NUMBER: Pattern = { kind: 'number', pattern: /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y };
const VARIABLE: Pattern = { kind: 'variable', pattern: /\?|\$\w+/y };
const WORD: Pattern = { kind: 'keyword', pattern: /[\p{L}_][\p{L}\p{M}\p{N}_$]*/uy };
const SYMBOL: Pattern = {
  kind: 'symbol',
  pattern: /->>|->|=>|::|\*\*|<=|<>|>=|!=|\|\||[-+*/%=<>|,.:;()[\]{}!^$@]/y,
};

/** The patterns that a character can begin, in the order they are tried. */
function patternsOf(character: string): readonly Pattern[] {
  if (/[a-z_]/i.test(character)) return [BLOB, WORD];
  if (/\d/.test(character)) return [NUMBER];
  return BEGINNINGS[character] ?? (character > '\u007f' ? [WORD] : [SYMBOL]);
}

const BEGINNINGS: Readonly<Record<string, readonly Pattern[]>> = {
  ' ': [SPACE],
  '\t': [SPACE],
  '\n': [SPACE],
  '\f': [SPACE],
  '\r': [SPACE],
  '-': [SPACE, SYMBOL],
  '/': [SPACE, SYMBOL],
  "'": [STRING],
  '"': [NAME],
  '.': [NUMBER, SYMBOL],
  '?': [VARIABLE],
  $: [STRING, VARIABLE, SYMBOL],
};

const NAME_CHARACTER = /[\p{L}_$]/u;

/** sqlfluff's fixtures comment with `#`; to Snowflake it is that or an error, so it may only hide what is a line's own. */
const HASH_COMMENT = /#[^\n\r\v\f\u0085\u2028\u2029]*(?=\r?\n|$)/y;

/** @throws Refused at what cannot be read, or could be read in two ways */
export function tokenize(statement: string): readonly Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  let depth = 0;
  while (offset < statement.length) {
    const { kind, text } = hashComment(statement, offset) ?? next(statement, offset);
    if (kind !== 'space') tokens.push(tokenOf(kind, text, offset));
    depth += BRACKETS.get(text) ?? 0;
    if (depth > MAX_BRACKETS) refuseDepth(offset);
    offset += text.length;
    // A stage's path has a syntax of its own; no statement with a stage passes, whatever follows.
    if (text === '@') break;
  }
  tokens.push({ kind: 'end', text: '', offset });
  return tokens;
}

const BRACKETS: ReadonlyMap<string, number> = new Map([
  ...['(', '[', '{'].map((bracket) => [bracket, 1] as const),
  ...[')', ']', '}'].map((bracket) => [bracket, -1] as const),
]);

/** The parser goes no deeper, and would spend its time on the way there. */
const MAX_BRACKETS = 400;

function refuseDepth(offset: number): never {
  throw new Refused({
    code: 'CONSTRUCT_NOT_ALLOWED',
    reason: 'The statement is nested too deeply.',
    hint: 'Write it with fewer levels: subqueries as WITH.',
    offset,
  });
}

function hashComment(statement: string, offset: number): { readonly kind: 'space'; readonly text: string } | undefined {
  if (statement[offset] !== '#') return undefined;
  if (statement.slice(statement.lastIndexOf('\n', offset) + 1, offset).trim() !== '') return undefined;
  HASH_COMMENT.lastIndex = offset;
  const text = HASH_COMMENT.exec(statement)?.[0];
  return text === undefined ? undefined : { kind: 'space', text };
}

function next(statement: string, offset: number): { readonly kind: TokenKind | 'space'; readonly text: string } {
  for (const { kind, pattern } of patternsOf(statement[offset] ?? '')) {
    pattern.lastIndex = offset;
    const text = pattern.exec(statement)?.[0];
    if (text === undefined) continue;
    // `12ab` is no number and no name.
    if (kind === 'number' && NAME_CHARACTER.test(statement[offset + text.length] ?? '')) break;
    // A name that holds the quote of a text might end before it.
    if (kind === 'keyword' && text.includes('$$')) break;
    if (kind === 'symbol' && opensComment(statement, offset)) break;
    return { kind, text };
  }
  throw new Refused({
    code: 'STATEMENT_INVALID',
    reason:
      'The statement cannot be read from here: a character, quote, comment or number that is not well formed, or a comment inside a comment.',
    hint: 'Close every quote and comment, and quote names with double quotes.',
    offset,
  });
}

/** A comment that did not match is not closed or could be read in two ways; it must not become operators. */
function opensComment(statement: string, offset: number): boolean {
  const start = statement.slice(offset, offset + 2);
  return start === '--' || start === '//' || start === '/*';
}

function tokenOf(kind: TokenKind, text: string, offset: number): Token {
  if (kind === 'keyword') {
    const folded = foldAscii(text);
    return { kind: KEYWORDS.has(folded) ? 'keyword' : 'name', text: folded, offset };
  }
  if (kind === 'name') return { kind, text: text.slice(1, -1).replaceAll('""', '"'), offset };
  if (kind === 'string') return { kind, text: unquote(text), offset };
  return { kind, text, offset };
}

/** Close enough for what the guard asks of a string: how long it is, and whether it is a number. */
function unquote(text: string): string {
  return text.startsWith('$$')
    ? text.slice(2, -2)
    : text.slice(1, -1).replace(/''|\\([\s\S])/g, (all, one) => one ?? all[0]);
}
