import { constants } from 'node:sqlite';

/**
 * What a statement may do, asked of SQLite while it compiles one: read, and call what is on the
 * list. A file opened read-only alone still lets through ATTACH, temporary tables and PRAGMAs.
 * https://sqlite.org/c3ref/c_alter_table.html
 */
export function authorize(action: number, first: string | null, second: string | null): number {
  switch (action) {
    case constants.SQLITE_SELECT:
    case constants.SQLITE_RECURSIVE:
      return constants.SQLITE_OK;
    case constants.SQLITE_READ:
      // Virtual tables that run a PRAGMA or show the file's pages are no data of anybody.
      return isInternalTable(first ?? '') ? constants.SQLITE_DENY : constants.SQLITE_OK;
    case constants.SQLITE_FUNCTION:
      return FUNCTIONS.has((second ?? '').toLowerCase()) ? constants.SQLITE_OK : constants.SQLITE_DENY;
    case constants.SQLITE_PRAGMA:
      // The one PRAGMA that full-text search runs to see whether its cache still holds.
      return first === 'data_version' && second === null ? constants.SQLITE_OK : constants.SQLITE_DENY;
    default:
      return constants.SQLITE_DENY;
  }
}

const isInternalTable = (name: string): boolean =>
  /^(pragma_|dbstat$|sqlite_dbpage$|bytecode$|tables_used$)/i.test(name);

const LIST = `
abs acos acosh asin asinh atan atan2 atanh avg bm25 ceil ceiling char coalesce concat concat_ws cos cosh count
cume_dist current_date current_time current_timestamp date datetime degrees dense_rank exp first_value floor format glob
group_concat hex highlight if ifnull iif instr json json_array json_array_insert json_array_length json_error_position
json_extract json_group_array json_group_object json_insert json_object json_patch json_pretty json_quote json_remove
json_replace json_set json_type json_valid jsonb jsonb_array jsonb_array_insert jsonb_extract jsonb_group_array
jsonb_group_object jsonb_insert jsonb_object jsonb_patch jsonb_remove jsonb_replace jsonb_set -> ->> julianday lag
last_value lead length like likelihood likely ln log log10 log2 lower ltrim match matchinfo max median min mod nth_value
ntile nullif octet_length offsets percent_rank percentile percentile_cont percentile_disc pi pow power printf quote
radians random randomblob rank replace round row_number rtrim sign sin sinh snippet soundex sqlite_version sqrt
strftime string_agg subtype substr substring sum tan tanh time timediff total trim trunc typeof unhex unicode
unistr unistr_quote unixepoch unlikely upper zeroblob
geopoly_area geopoly_bbox geopoly_blob geopoly_ccw geopoly_contains_point geopoly_debug geopoly_group_bbox geopoly_json
geopoly_overlap geopoly_regular geopoly_svg geopoly_within geopoly_xform
`;

const FUNCTIONS: ReadonlySet<string> = new Set(LIST.trim().split(/\s+/));
