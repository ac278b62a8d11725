import type { Cursor } from '../../parsing/cursor.ts';
import { words } from '../../words.ts';
import { refuseConstruct } from './refusals.ts';

/** How values are written, compared and cut, and which engine it is: nothing of the machine or of other people. */
const READABLE = words(`
  auto_increment_increment auto_increment_offset autocommit character_set_client character_set_connection
  character_set_database character_set_results character_set_server collation_connection collation_database
  collation_server default_collation_for_utf8mb4 default_storage_engine default_week_format div_precision_increment
  eq_range_index_dive_limit error_count explicit_defaults_for_timestamp group_concat_max_len identity innodb_version
  last_insert_id lc_time_names lower_case_table_names max_allowed_packet max_execution_time max_statement_time rand_seed1 read_only
  session_track_schema sql_auto_is_null sql_big_selects sql_mode sql_safe_updates sql_select_limit system_time_zone
  time_zone timestamp transaction_isolation transaction_read_only tx_isolation tx_read_only version version_comment
  version_compile_machine version_compile_os warning_count windowing_use_high_precision
`);

/** `@x`, which no statement that passes can have set; `@@version` and others that tell nothing. `?` is a parameter. */
export function acceptVariable(cursor: Cursor): undefined {
  const token = cursor.take();
  if (!token.text.startsWith('@@')) return;
  const name = token.text.slice(2).replaceAll('`', '').toLowerCase();
  if (READABLE.has(name.replace(/^(global|session|local)\./, ''))) return;
  refuseConstruct(`@@${name} is a setting of the server.`, 'Leave it out.', token);
}
