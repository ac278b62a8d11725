import type { Cursor, Names } from '../../parsing/cursor.ts';
import type { Token } from '../../parsing/token.ts';
import { words } from '../../words.ts';

/**
 * Words that give a statement its shape and are no names unless quoted. Source: Snowflake's SQL reference, "Reserved &
 * limited keywords" (2026-07), without those of its list that no query needs (COLUMN, ROW, TRIGGER …): the engine refuses
 * them as names itself.
 */
const RESERVED = `
  ALL ALTER AND ANY AS BETWEEN BY CREATE DELETE DISTINCT DROP ELSE EXISTS FALSE FOR FROM GRANT GROUP HAVING ILIKE
  IN INSERT INTERSECT INTO IS LIKE MINUS NOT NULL ON OR ORDER QUALIFY REGEXP REVOKE RLIKE SAMPLE SELECT SET SOME TABLE
  TABLESAMPLE THEN TRUE UNION UPDATE VALUES WHEN WHERE WITH
`;

/** Names elsewhere, but not an alias without AS. */
const NO_BARE_ALIAS = `
  ASOF CASE CONNECT CROSS DIRECTED END EXCEPT FETCH FULL INNER JOIN LATERAL LEFT LIMIT NATURAL OFFSET RIGHT START USING
`;

/** Words the grammar has in some place, names in every other. */
const NON_RESERVED = `
  ABORT ADD AFTER ANALYZE APPEND_ONLY ARRAY ASC AT ATTACH BEFORE BEGIN BERNOULLI BIGINT BINARY BLOCK BOOL BOOLEAN
  BUCKET_START BYTEINT CALL CAST CEILING CHANGES CHAR CHARACTER COLLATE COMMENT COMMIT CONNECT_BY_ROOT CONVERT COPY
  CUBE CURRENT CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER D DATE DATETIME DATE_PART DAY DEC DECFLOAT
  DECIMAL DECLARE DEFAULT DEFINE DESC DESCRIBE DETACH DIMENSIONS DOUBLE EMPTY ESCAPE EXCLUDE EXECUTE EXPLAIN EXTRACT
  FACTS FIELDS FILTER FINAL FIRST FLOAT FLOAT4 FLOAT8 FN FOLLOWING GEOGRAPHY GEOMETRY GET GROUPING GROUPS HOUR
  IGNORE INCLUDE INCREMENT INFORMATION INT INTEGER INTERVAL IS_GENERATED JSON LAST LIST LOCAL LOCALTIME
  LOCALTIMESTAMP LOCK LS MAP MATCH MATCHES MATCH_CONDITION MATCH_RECOGNIZE MATERIALIZED MEASURES MERGE
  METADATA_COLUMNS METRICS MINUTE MONTH NAME NCHAR NEXT NOCYCLE NTEXT NULLS NUMBER NUMERIC NVARCHAR NVARCHAR2 OBJECT
  OMIT ONE ONLY OUTER OVER PARTITION PAST PATTERN PER PIVOT PRECEDING PRECISION PRIOR PROCEDURE PUT RANGE REAL
  RECURSIVE REFRESH REMOVE RENAME REPEATABLE REPLACE RESAMPLE RESPECT RM ROLLBACK ROLLUP ROW ROWS RUNNING SECOND
  SEED SEMANTIC_VIEW SETS SHOW SKIP SMALLINT STATEMENT STREAM STRING SUBSET SYSTEM T TABULAR TEXT TIME TIMESTAMP
  TIMESTAMPLTZ TIMESTAMPNTZ TIMESTAMPTZ TIMESTAMP_LTZ TIMESTAMP_NTZ TIMESTAMP_TZ TINYINT TO TOP TRUNCATE TRY_CAST TS
  UNBOUNDED UNDROP UNLOCK UNMATCHED UNPIVOT UNSET USE USING UUID VACUUM VARBINARY VARCHAR VARCHAR2 VARIANT VARYING
  VECTOR VERSION WINDOW WITHIN WITHOUT YEAR ZONE
`;

const RESERVED_KEYWORDS = words(RESERVED);
const NO_BARE_ALIASES = words(NO_BARE_ALIAS);
export const KEYWORDS = words(RESERVED, NO_BARE_ALIAS, NON_RESERVED);

function isName({ kind, text }: Token): boolean {
  return kind === 'name' || (kind === 'keyword' && !RESERVED_KEYWORDS.has(text));
}

export const SNOWFLAKE_NAMES: Names = {
  dialect: 'Snowflake',
  isName,
  isBareAlias: (token) => isName(token) && !(token.kind === 'keyword' && NO_BARE_ALIASES.has(token.text)),
};

/** Snowflake reads a name without quotes in upper case; beyond ASCII it wants quotes. */
export function foldAscii(name: string): string {
  return name.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

/** `AS alias`, or an alias where no clause of that name follows. */
export function acceptAlias(cursor: Cursor): Token | undefined {
  if (cursor.accept('AS')) return cursor.name();
  if (cursor.at('WINDOW') && cursor.atName(1) && cursor.at('AS', 2)) return undefined;
  if (cursor.at('MATCH_CONDITION') && cursor.at('(', 1)) return undefined;
  const isLimitByName = cursor.atAny(LIMITS) && cursor.at('MATCH_CONDITION', 1);
  return cursor.atBareAlias() || isLimitByName ? cursor.take() : undefined;
}

const LIMITS = words('LIMIT OFFSET');
export const SELECT_STARTS = words('SELECT VALUES WITH');
export const SET_OPERATORS = words('UNION INTERSECT EXCEPT MINUS');

/** A field of a path: any word, reserved or not. */
export function parseField(cursor: Cursor): void {
  if (cursor.peek().kind !== 'keyword') cursor.name();
  else cursor.take();
}

/** The names between dots, at most four; an empty one between two dots is Snowflake's PUBLIC. */
export function parseDotted(cursor: Cursor): Token[] {
  const names = [cursor.name()];
  while (cursor.at('.') && (cursor.atName(1) || (cursor.at('.', 1) && cursor.atName(2)))) {
    const { offset } = cursor.take();
    if (cursor.at('.')) {
      names.push({ kind: 'name', text: 'PUBLIC', offset });
      cursor.take();
    }
    names.push(cursor.name());
  }
  return names;
}
