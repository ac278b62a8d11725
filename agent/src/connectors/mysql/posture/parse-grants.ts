/** One line of SHOW GRANTS. */
export type Grant =
  | {
      readonly kind: 'privileges';
      /** Upper case, without their lists of columns. */
      readonly privileges: readonly string[];
      /** `*.*`, `shop.*`, `shop.orders`, as names without quotes. */
      readonly on: string;
      readonly canGrant: boolean;
    }
  /** As they have to be written in SQL. */
  | { readonly kind: 'roles'; readonly roles: readonly string[]; readonly to: string }
  /** Gives no right: a default role, a partial revoke. */
  | { readonly kind: 'nothing' };

const TOKEN = /\s+|`((?:[^`]|``)*)`|'((?:[^'\\]|''|\\.)*)'|"((?:[^"]|"")*)"|[(),.*@]|[^\s`'"(),.*@]+/y;

interface Token {
  readonly text: string;
  readonly isName: boolean;
  readonly sql: string;
}

/** Null for a line that is not understood. Never shows one: MariaDB's hold the hash of the password. */
export function parseGrant(line: string): Grant | null {
  const tokens = tokenize(line);
  if (tokens === null) return null;
  const words = tokens.map(({ text, isName }) => (isName ? '' : text.toUpperCase()));
  if (words[0] === 'REVOKE' || words[0] === 'SET') return { kind: 'nothing' };
  const to = topLevel(words, 'TO');
  if (words[0] !== 'GRANT' || to < 0) return null;
  const on = topLevel(words, 'ON');
  if (on < 0 || on > to) {
    const [grantee = ''] = rolesOf(tokens.slice(to + 1).filter(({ text, isName }) => isName || text === '@'));
    return { kind: 'roles', roles: rolesOf(tokens.slice(1, to)), to: grantee };
  }
  const privileges = privilegesOf(words.slice(1, on));
  return {
    kind: 'privileges',
    privileges,
    on: tokens
      .slice(on + 1, to)
      .filter(({ text, isName }) => isName || !OBJECT_KINDS.has(text.toUpperCase()))
      .map(({ text }) => text)
      .join(''),
    canGrant: words.join(' ').includes('WITH GRANT OPTION'),
  };
}

const OBJECT_KINDS = new Set(['TABLE', 'FUNCTION', 'PROCEDURE', 'PACKAGE', 'BODY']);

function tokenize(line: string): Token[] | null {
  const tokens: Token[] = [];
  for (let at = 0; at < line.length; ) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(line);
    if (match === null) return null;
    at += match[0].length;
    const name = match[1] ?? match[2] ?? match[3];
    if (name !== undefined) tokens.push({ text: name.replaceAll('``', '`'), isName: true, sql: match[0] });
    else if (match[0].trim() !== '') tokens.push({ text: match[0], isName: false, sql: match[0] });
  }
  return tokens;
}

/** Outside of the lists of columns. */
function topLevel(words: readonly string[], wanted: string): number {
  let depth = 0;
  return words.findIndex((word) => {
    if (word === '(') depth++;
    else if (word === ')') depth--;
    return depth === 0 && word === wanted;
  });
}

function privilegesOf(words: readonly string[]): string[] {
  const privileges: string[][] = [[]];
  let depth = 0;
  for (const word of words) {
    if (word === '(') depth++;
    else if (word === ')') depth--;
    else if (depth === 0 && word === ',') privileges.push([]);
    else if (depth === 0) privileges.at(-1)?.push(word);
  }
  return privileges.map((parts) => parts.join(' '));
}

/** `a`@`%`, `b` … */
function rolesOf(tokens: readonly Token[]): string[] {
  const roles = [''];
  for (const { text, sql } of tokens) {
    if (text === ',' && sql === ',') roles.push('');
    else roles[roles.length - 1] += sql;
  }
  return roles.filter((role) => role !== '');
}
