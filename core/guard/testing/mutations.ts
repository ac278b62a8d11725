import fc from 'fast-check';

/** One way of writing a statement differently; none makes a hostile statement honest. */
export type Mutation = (sql: string) => string;

/** Single-quoted and dollar-quoted text, which mutations leave as it is. */
const QUOTED = /('(?:[^']|'')*'|\$\w*\$[\s\S]*?\$\w*\$|"(?:[^"]|"")*"|--[^\n]*\n?|\/\*[\s\S]*?\*\/)/;

function outsideQuotes(sql: string, change: (text: string) => string): string {
  const pieces = sql.split(QUOTED);
  return pieces.map((piece, index) => (index % 2 === 0 ? change(piece) : piece)).join('');
}

export const spaces =
  (space: string): Mutation =>
  (sql) =>
    outsideQuotes(sql, (text) => text.replace(/ /g, space));
export const calls =
  (rewrite: (name: string) => string): Mutation =>
  (sql) =>
    outsideQuotes(sql, (text) => text.replace(/\b([a-z_][a-z0-9_]*)(?=\()/g, (name) => rewrite(name)));

/** Queries only: `(reindex)` names a column, and `(load 'x')` is a cast. */
export const around =
  (wrap: Mutation): Mutation =>
  (sql) =>
    QUERY.test(sql) ? wrap(sql) : sql;
const QUERY = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:select|with|values)\b/i;

export const escapeFirst = (name: string) => `\\00${name.charCodeAt(0).toString(16)}${name.slice(1)}`;

const COMMON: readonly Mutation[] = [
  spaces('\n'),
  spaces('\t \r\n'),
  spaces('/**/'),
  spaces('/* ; */'),
  spaces("/* ' */"),
  spaces('-- x\n'),
  spaces("--'\n"),
  (sql) => outsideQuotes(sql, (text) => text.toUpperCase()),
  (sql) =>
    outsideQuotes(sql, (text) =>
      text.replace(/[a-z]/g, (letter, at: number) => (at % 2 ? letter.toUpperCase() : letter)),
    ),
  calls((name) => `"${name}"`),
  calls((name) => `${name} /* ( */ `),
  (sql) => `${sql};`,
  (sql) => `${sql} ;;; -- x`,
  (sql) => ` \n${sql}`,
  (sql) => `/* select 1 */ ${sql}`,
  (sql) => `-- select 1\n${sql}`,
  (sql) => `explain ${sql}`,
  around((sql) => `select * from (${sql}) as x`),
  around((sql) => `with q as (${sql}) select 1`),
  around((sql) => `select 1 where exists (${sql})`),
  around((sql) => `select 1 union all ${sql}`),
  around((sql) => `select (${sql})`),
  (sql) => `select 1; ${sql}`,
];

/** One to four of the common mutations and the dialect's own, one after the other. */
export function arbitraryMutation(own: readonly Mutation[]): fc.Arbitrary<Mutation> {
  const one = fc.constantFrom(...COMMON, ...own);
  return fc
    .array(one, { minLength: 1, maxLength: 4 })
    .map((list) => (sql) => list.reduce((text, mutate) => mutate(text), sql));
}
