import type { Names } from '../../parsing/cursor.ts';
import type { Token } from '../../parsing/token.ts';
import { words } from '../../words.ts';

/**
 * Never a name unless quoted or behind a dot. Source: the words that MariaDB 10.11 does not take as a column's name,
 * without those that MySQL 9 takes. What either engine reserves beside them (RANK, GROUPS, SYSTEM) may be a name here:
 * where it is none, the engine finds no statement in the text at all.
 */
const RESERVED = `
  ACCESSIBLE ADD ALL ALTER ANALYZE AND AS ASC ASENSITIVE BEFORE BETWEEN BIGINT BINARY BLOB BOTH BY CALL CASCADE CASE
  CHANGE CHAR CHARACTER CHECK COLLATE COLUMN CONDITION CONSTRAINT CONTINUE CONVERT CREATE CROSS CURSOR DATABASES DEC
  DECIMAL DECLARE DEFAULT DELAYED DELETE DESC DESCRIBE DETERMINISTIC DISTINCT DISTINCTROW DIV DOUBLE DROP DUAL EACH
  ELSE ELSEIF ENCLOSED ESCAPED EXCEPT EXISTS EXIT EXPLAIN FETCH FLOAT FLOAT4 FLOAT8 FOR FORCE FOREIGN FROM FULLTEXT
  GRANT GROUP HAVING HIGH_PRIORITY IF IGNORE IN INDEX INFILE INNER INOUT INSENSITIVE INSERT INT INT1 INT2 INT3 INT4
  INT8 INTEGER INTERSECT INTERVAL INTO IS ITERATE JOIN KEY KEYS KILL LEADING LEAVE LEFT LIKE LIMIT LINEAR LINES LOAD
  LOCK LONG LONGBLOB LONGTEXT LOOP LOW_PRIORITY MATCH MAXVALUE MEDIUMBLOB MEDIUMINT MEDIUMTEXT MIDDLEINT MOD MODIFIES
  NATURAL NOT NO_WRITE_TO_BINLOG NULL NUMERIC ON OPTIMIZE OPTIONALLY OR ORDER OUT OUTER OUTFILE OVER PARTITION
  PRECISION PRIMARY PROCEDURE PURGE RANGE READ READS READ_WRITE REAL RECURSIVE REFERENCES REGEXP RELEASE RENAME REPEAT
  REPLACE REQUIRE RESIGNAL RESTRICT RETURN REVOKE RIGHT RLIKE SCHEMAS SELECT SENSITIVE SEPARATOR SET SHOW SIGNAL
  SMALLINT SPATIAL SPECIFIC SQL SQLEXCEPTION SQLSTATE SQLWARNING SQL_BIG_RESULT SQL_CALC_FOUND_ROWS SQL_SMALL_RESULT
  SSL STARTING STRAIGHT_JOIN TABLE TERMINATED THEN TINYBLOB TINYINT TINYTEXT TO TRAILING TRIGGER UNDO UNION UNIQUE
  UNLOCK UNSIGNED UPDATE USAGE USE USING VALUES VARBINARY VARCHAR VARCHARACTER VARYING WHEN WHERE WHILE WITH WRITE XOR
  ZEROFILL TRUE FALSE
`;

/** Names elsewhere, but what follows a table or an expression is a clause of that name. */
const NO_BARE_ALIAS = 'OFFSET QUALIFY TABLESAMPLE';

/** The length of time in `INTERVAL 1 DAY`, `EXTRACT(DAY FROM …)`, `TIMESTAMPDIFF(DAY, …)`. */
export const UNITS = words(`
  MICROSECOND SECOND MINUTE HOUR DAY WEEK MONTH QUARTER YEAR SECOND_MICROSECOND MINUTE_MICROSECOND MINUTE_SECOND
  HOUR_MICROSECOND HOUR_SECOND HOUR_MINUTE DAY_MICROSECOND DAY_SECOND DAY_MINUTE DAY_HOUR YEAR_MONTH FRAC_SECOND
  SQL_TSI_FRAC_SECOND SQL_TSI_SECOND SQL_TSI_MINUTE SQL_TSI_HOUR SQL_TSI_DAY SQL_TSI_WEEK SQL_TSI_MONTH
  SQL_TSI_QUARTER SQL_TSI_YEAR
`);

/**
 * Character sets of both engines. `_utf8mb4'x'` is a string; `_unknown'x'` would be a column with an alias, and so is
 * read as one.
 */
export const CHARACTER_SETS = words(`
  armscii8 ascii big5 binary cp1250 cp1251 cp1256 cp1257 cp850 cp852 cp866 cp932 dec8 eucjpms euckr gb2312 gbk geostd8
  greek hebrew hp8 keybcs2 koi8r koi8u latin1 latin2 latin5 latin7 macce macroman sjis swe7 tis620 ucs2 ujis utf16
  utf16le utf32 utf8 utf8mb3 utf8mb4
`);

/** Reserved words that are functions when a parenthesis follows. */
export const FUNCTION_WORDS = words(`
  CHAR CONVERT DEFAULT IF INSERT LEFT MOD REPEAT REPLACE RIGHT SCHEMAS VALUES
`);

const RESERVED_WORDS = words(RESERVED);
const NO_BARE_ALIASES = words(NO_BARE_ALIAS);

/** Words that are not quoted are tokens of kind keyword, all of them, in upper case. */
function isName({ kind, text }: Token): boolean {
  return kind === 'name' || (kind === 'keyword' && !RESERVED_WORDS.has(text));
}

export const MYSQL_NAMES: Omit<Names, 'dialect'> = {
  isName,
  isBareAlias: (token) => isName(token) && !(token.kind === 'keyword' && NO_BARE_ALIASES.has(token.text)),
};

/**
 * Columns and aliases are compared without regard to case, tables and schemas on some systems: letter by letter, so that
 * no letter's neighbours count, and for MySQL the Turkish İ is an I like any other. Accents count.
 */
export function fold(name: string): string {
  return [...name].map((letter) => (letter === 'İ' ? 'i' : letter.toLowerCase())).join('');
}
