import { words } from '../../words.ts';

/**
 * Why functions are refused that Snowflake has and people ask for, by name. It decides nothing: whatever is not in
 * function-names.ts is refused. Source: Snowflake's SQL function reference, 2026-07-14.
 */
const REASONS: readonly (readonly [string, ReadonlySet<string>])[] = [
  ['names an object by a text that the guard cannot follow', words('identifier table')],
  ['runs a text as a query', words('to_query')],
  ['reads what another statement has read, whatever its tables were', words('result_scan last_query_id bind_values')],
  ['takes a number from a sequence, which changes it', words('getnextval')],
  ['shows the text of objects', words('get_ddl')],
  [
    'reads files of a stage',
    words(`
      build_scoped_file_url build_stage_file_url directory fl_get_content_type fl_get_etag fl_get_file_type
      fl_get_last_modified fl_get_relative_path fl_get_scoped_file_url fl_get_size fl_get_stage fl_get_stage_file_url
      fl_is_audio fl_is_compressed fl_is_document fl_is_image fl_is_video get_absolute_path get_presigned_url
      get_relative_path get_stage_location infer_schema to_file try_to_file
    `),
  ],
  ['reads a table that only a text names', words('extract_semantic_categories')],
  ['lists the users of the account', words('all_user_names')],
  ['reads variables of the session', words('getvariable sys_context')],
  [
    'reads the history of the account, which may hold the literals of other people’s statements',
    words(`
      automatic_clustering_history copy_history login_history login_history_by_user query_acceleration_history
      query_history query_history_by_session query_history_by_user query_history_by_warehouse
      rest_event_history stage_storage_usage_history task_history warehouse_load_history warehouse_metering_history
      get_query_operator_stats database_refresh_history
    `),
  ],
  ['tells of objects that the policy is not asked about', words('tag_references tag_references_all_columns')],
];

const MODEL = 'costs money and sends data to a language model';
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/^ai_|^snowflake\.(cortex|ml)\.|^classify_text$|^prompt$/, MODEL],
  [/^system\$/, 'administers the account or looks into it'],
  [/^information_schema\.|\.information_schema\./, 'looks into the account, at more than the policy is asked about'],
];

/** Why the function is refused, where that is known. */
export function refusalReason(name: string): string | undefined {
  const bare = name.slice(name.lastIndexOf('.') + 1);
  const pattern = PATTERNS.find(([test]) => test.test(name)) ?? PATTERNS.find(([test]) => test.test(bare));
  return pattern?.[1] ?? REASONS.find(([, names]) => names.has(bare))?.[0];
}
