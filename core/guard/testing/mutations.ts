import fc from 'fast-check';
import type { Dialect } from '../../dialects.ts';

/** One way of writing a statement differently; none makes a hostile statement honest. */
export type Mutation = (sql: string) => string;

/** Single-quoted and dollar-quoted text, which mutations leave as it is. */
const QUOTED = /('(?:[^']|'')*'|\$\w*\$[\s\S]*?\$\w*\$|"(?:[^"]|"")*"|--[^\n]*\n?|\/\*[\s\S]*?\*\/)/;

function outsideQuotes(sql: string, change: (text: string) => string): string {
  const pieces = sql.split(QUOTED);
  return pieces.map((piece, index) => (index % 2 === 0 ? change(piece) : piece)).join('');
}

const spaces =
  (space: string): Mutation =>
  (sql) =>
    outsideQuotes(sql, (text) => text.replace(/ /g, space));
const calls =
  (rewrite: (name: string) => string): Mutation =>
  (sql) =>
    outsideQuotes(sql, (text) => text.replace(/\b([a-z_][a-z0-9_]*)(?=\()/g, (name) => rewrite(name)));

/** Queries only: `(reindex)` names a column, and `(load 'x')` is a cast. */
const around =
  (wrap: Mutation): Mutation =>
  (sql) =>
    QUERY.test(sql) ? wrap(sql) : sql;
const QUERY = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:select|with|values)\b/i;

const escapeFirst = (name: string) => `\\00${name.charCodeAt(0).toString(16)}${name.slice(1)}`;

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

const OWN: Readonly<Record<Dialect, readonly Mutation[]>> = {
  postgres: [
    spaces('/* /* nested */ */'),
    spaces("/* /* ' */ ' */"),
    calls((name) => `U&"${escapeFirst(name)}"`),
    calls((name) => `pg_catalog.${name}`),
    calls((name) => `pg_catalog."${name}"`),
    around((sql) => `select $a$ ' $a$, (${sql})`),
    around((sql) => `select E'\\'', (${sql}), '\\'`),
    around((sql) => `select * from (values (1)) v, lateral (${sql}) x`),
    around((sql) => `select array(${sql})`),
    (sql) => `explain (verbose, costs off) ${sql}`,
  ],
  sqlite: [
    calls((name) => `[${name}]`),
    calls((name) => `\`${name}\``),
    (sql) => `\uFEFF${sql}`,
    (sql) => `explain query plan ${sql}`,
    around((sql) => `select [ ' ], (${sql})`),
    around((sql) => `select 1 where 1 in (${sql})`),
    (sql) => `/* /* */ ${sql}`,
  ],
};

/** One to four of the dialect's mutations, one after the other. */
export function arbitraryMutation(dialect: Dialect): fc.Arbitrary<Mutation> {
  const one = fc.constantFrom(...COMMON, ...OWN[dialect]);
  return fc
    .array(one, { minLength: 1, maxLength: 4 })
    .map((list) => (sql) => list.reduce((text, mutate) => mutate(text), sql));
}
