/** Words that some engine does not take as a bare name of a table or column. */
export const RESERVED_WORDS: ReadonlySet<string> = new Set(
  `all alter analyse analyze and any array as asc asymmetric authorization between binary both by case cast check collate
  collation column commit concurrently constraint create cross current_catalog current_date current_role current_schema
  current_time current_timestamp current_user default deferrable delete desc distinct do drop else end except exists false
  fetch filter for foreign freeze from full glob grant group groups having ilike in index initially inner insert intersect into
  is isnull join key lateral leading left like limit localtime localtimestamp match natural not nothing notnull null offset on only
  or order outer over overlaps partition placing primary range references returning right row rows select session_user set
  similar some symmetric table tablesample then to trailing transaction true union unique update user using values
  variadic verbose view when where window with
  anti asof at columns describe generated lambda map pivot pivot_longer pivot_wider positional qualify semi show struct summarize
  try_cast unpack unpivot`.split(/\s+/),
);
