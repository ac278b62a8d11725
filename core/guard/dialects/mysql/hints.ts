import { words } from '../../words.ts';

/** Hints that only choose how a table is read and joined. Source: MySQL 9, "Optimizer Hints". */
const HARMLESS = words(`
  BKA BNL DERIVED_CONDITION_PUSHDOWN GROUP_INDEX HASH_JOIN INDEX INDEX_MERGE JOIN_FIXED_ORDER JOIN_INDEX JOIN_ORDER
  JOIN_PREFIX JOIN_SUFFIX MERGE MRR NO_BKA NO_BNL NO_DERIVED_CONDITION_PUSHDOWN NO_GROUP_INDEX NO_HASH_JOIN NO_ICP
  NO_INDEX NO_INDEX_MERGE NO_JOIN_INDEX NO_MERGE NO_MRR NO_ORDER_INDEX NO_RANGE_OPTIMIZATION NO_SEMIJOIN NO_SKIP_SCAN
  ORDER_INDEX QB_NAME SEMIJOIN SKIP_SCAN SUBQUERY
`);

/** Names of tables, indexes and query blocks are all that stands in a hint's parentheses. */
const HINT = /\s*([A-Za-z_]+)\s*\(([\w@`,.\s]*)\)\s*/y;

/** @param comment all of it, with its `/*+` */
export function isHarmlessHint(comment: string): boolean {
  const end = comment.length - '*/'.length;
  let offset = '/*+'.length;
  while (offset < end && comment.slice(offset, end).trim() !== '') {
    HINT.lastIndex = offset;
    const match = HINT.exec(comment);
    if (match === null || !HARMLESS.has((match[1] ?? '').toUpperCase())) return false;
    offset = HINT.lastIndex;
  }
  return true;
}
