import type { Names } from '../../parsing/cursor.ts';
import type { Token } from '../../parsing/token.ts';
import { words } from '../../words.ts';

// Source: SQLite 3.53, tool/mkkeywordhash.c and the %fallback of src/parse.y.

/** Never a name unless quoted. */
const RESERVED = `
  ADD ALL ALTER AND AS AUTOINCREMENT BETWEEN CASE CHECK COLLATE COMMIT CONSTRAINT CREATE DEFAULT DEFERRABLE DELETE
  DISTINCT DROP ELSE ESCAPE EXCEPT EXISTS FOREIGN FROM GROUP HAVING IN INDEX INSERT INTERSECT INTO IS ISNULL JOIN LIMIT
  NOT NOTHING NOTNULL NULL ON OR ORDER PRIMARY REFERENCES RETURNING SELECT SET TABLE THEN TO TRANSACTION UNION UNIQUE
  UPDATE USING VALUES WHEN WHERE
`;

/** A name after AS, and a name of a table or column; not an alias without AS. */
const JOIN_KEYWORDS = 'CROSS FULL INNER LEFT NATURAL OUTER RIGHT';

/** A keyword where the grammar has one, a name elsewhere. */
const FALLBACK = `
  ABORT ACTION AFTER ALWAYS ANALYZE ASC ATTACH BEFORE BEGIN BY CASCADE CAST COLUMN CONFLICT CURRENT CURRENT_DATE
  CURRENT_TIME CURRENT_TIMESTAMP DATABASE DEFERRED DESC DETACH DO EACH END EXCLUDE EXCLUSIVE EXPLAIN FAIL FILTER FIRST
  FOLLOWING FOR GENERATED GLOB GROUPS IF IGNORE IMMEDIATE INDEXED INITIALLY INSTEAD KEY LAST LIKE MATCH MATERIALIZED NO
  NULLS OF OFFSET OTHERS OVER PARTITION PLAN PRAGMA PRECEDING QUERY RAISE RANGE RECURSIVE REGEXP REINDEX RELEASE RENAME
  REPLACE RESTRICT ROLLBACK ROW ROWS SAVEPOINT TEMP TEMPORARY TIES TRIGGER UNBOUNDED VACUUM VIEW VIRTUAL WINDOW WITH
  WITHIN WITHOUT
`;

const RESERVED_KEYWORDS = words(RESERVED);
export const JOIN_KEYWORD_SET = words(JOIN_KEYWORDS);
export const KEYWORDS = words(RESERVED, JOIN_KEYWORDS, FALLBACK);

/** `nm` of SQLite's grammar: any name, a string literal, or a keyword that is not reserved. */
function isName({ kind, text }: Token): boolean {
  return kind === 'name' || kind === 'string' || (kind === 'keyword' && !RESERVED_KEYWORDS.has(text));
}

export const SQLITE_NAMES: Names = {
  dialect: 'SQLite',
  isName,
  isBareAlias: (token) =>
    isName(token) && !(token.kind === 'keyword' && (JOIN_KEYWORD_SET.has(token.text) || token.text === 'INDEXED')),
};

/** SQLite compares names without regard to the case of ASCII letters. */
export function fold(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
