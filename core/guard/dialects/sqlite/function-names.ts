/**
 * Functions a read may call. Source: `pragma_function_list` of SQLite 3.53 (the CLI's build and Node 24's), reviewed.
 *
 * Left out on purpose: whatever is not to be called from untrusted SQL (SQLITE_DIRECTONLY: load_extension,
 * fts3_tokenizer, geopoly_debug), what writes (FTS3's optimize, sqlite_log), what takes pointers (fts5, subtype,
 * fts5_insttoken, rtreecheck, rtreenode), and the shell's own readfile, writefile, edit, lsmode.
 */
export const ALLOWED_FUNCTIONS = `
  -> ->> abs acos acosh asin asinh atan atan2 atanh avg bm25 ceil ceiling changes char coalesce concat concat_ws cos
  cosh count cume_dist current_date current_time current_timestamp date datetime degrees dense_rank exp first_value
  floor format fts5_source_id geopoly_area geopoly_bbox geopoly_blob geopoly_ccw geopoly_contains_point
  geopoly_group_bbox geopoly_json geopoly_overlap geopoly_regular geopoly_svg geopoly_within geopoly_xform glob
  group_concat hex highlight if ifnull iif instr json json_array json_array_insert json_array_length
  json_error_position json_extract json_group_array json_group_object json_insert json_object json_patch json_pretty
  json_quote json_remove json_replace json_set json_type json_valid jsonb jsonb_array jsonb_array_insert jsonb_extract
  jsonb_group_array jsonb_group_object jsonb_insert jsonb_object jsonb_patch jsonb_remove jsonb_replace jsonb_set
  julianday lag last_insert_rowid last_value lead length like likelihood likely ln log log10 log2 lower ltrim match
  matchinfo max median min mod nth_value ntile nullif octet_length offsets percent_rank percentile percentile_cont
  percentile_disc pi pow power printf quote radians random randomblob rank regexp replace round row_number rtrim sign
  sin sinh snippet soundex sqlite_compileoption_get sqlite_compileoption_used sqlite_source_id sqlite_version sqrt
  strftime string_agg substr substring sum tan tanh time timediff total total_changes trim trunc typeof unhex unicode
  unistr unistr_quote unixepoch unlikely upper zeroblob
`;

/** Functions that stand in FROM. */
export const ALLOWED_TABLE_FUNCTIONS = 'generate_series json_each json_tree jsonb_each jsonb_tree';

/** Names that are virtual tables in every database, or in the shell's: they read files, pages, SQL texts or settings. */
export const REFUSED_TABLES = /^(pragma_|sqlite_|fsdir$|zipfile$|bytecode$|tables_used$|dbstat$)/;

/** What SQLite itself keeps in a database and shows to readers. */
export const ALLOWED_SYSTEM_TABLES = `
  sqlite_master sqlite_schema sqlite_sequence sqlite_stat1 sqlite_temp_master sqlite_temp_schema
`;
