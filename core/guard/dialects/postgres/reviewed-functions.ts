/**
 * What people decided about PostgreSQL's functions; scripts/generate-guard-functions.ts merges it with the catalogue
 * into function-names.ts. Base: every immutable or stable function whose name does not begin with `pg_`.
 */

/** Volatile by the catalogue, but without effect on the database or on other sessions. */
export const HARMLESS_VOLATILE = `
  array_sample array_shuffle clock_timestamp gen_random_uuid random random_normal timeofday uuidv4 uuidv7
  pg_column_size pg_collation_actual_version pg_database_size pg_indexes_size pg_is_in_recovery
  pg_last_xact_replay_timestamp pg_partition_ancestors pg_partition_tree pg_relation_size pg_table_size
  pg_tablespace_size pg_total_relation_size pg_xact_commit_timestamp pg_xact_status txid_status
`;

/** Administration functions (`pg_…`) that are immutable or stable and only describe; the others stay refused. */
export const HARMLESS_ADMINISTRATION = `
  pg_backend_pid pg_basetype pg_char_to_encoding pg_client_encoding pg_collation_for pg_collation_is_visible
  pg_column_compression pg_column_is_updatable pg_conf_load_time pg_conversion_is_visible pg_current_snapshot
  pg_current_xact_id_if_assigned pg_describe_object pg_encoding_max_length pg_encoding_to_char
  pg_function_is_visible pg_get_expr pg_get_function_arguments pg_get_function_identity_arguments
  pg_get_function_result pg_get_keywords pg_get_object_address pg_get_replica_identity_index
  pg_get_serial_sequence pg_get_userbyid pg_has_role pg_identify_object pg_identify_object_as_address
  pg_index_column_has_property pg_index_has_property pg_indexam_has_property pg_input_error_info
  pg_input_is_valid pg_is_other_temp_schema pg_lsn pg_lsn_cmp pg_lsn_eq pg_lsn_ge pg_lsn_gt pg_lsn_hash
  pg_lsn_hash_extended pg_lsn_larger pg_lsn_le pg_lsn_lt pg_lsn_mi pg_lsn_mii pg_lsn_ne pg_lsn_pli
  pg_lsn_smaller pg_my_temp_schema pg_opclass_is_visible pg_operator_is_visible pg_opfamily_is_visible
  pg_options_to_table pg_partition_root pg_postmaster_start_time pg_relation_filenode
  pg_relation_is_publishable pg_relation_is_updatable pg_sequence_parameters pg_settings_get_flags
  pg_size_bytes pg_size_pretty pg_snapshot_xip pg_snapshot_xmax pg_snapshot_xmin
  pg_statistics_obj_is_visible pg_table_is_visible pg_timezone_abbrevs pg_timezone_names pg_trigger_depth
  pg_ts_config_is_visible pg_ts_dict_is_visible pg_ts_parser_is_visible pg_ts_template_is_visible
  pg_type_is_visible pg_typeof pg_visible_in_snapshot pg_wal_lsn_diff pg_walfile_name pg_walfile_name_offset
`;

/** Counters of the statistics views: numbers and times, no statement texts and no addresses. */
export const HARMLESS_COUNTERS =
  /^pg_stat_get_(?!activity$|backend_|wal_receiver$|wal_senders$|subscription|replication_slot$|snapshot_timestamp$)/;

/** Immutable or stable, and refused all the same. */
export const REFUSED_STABLE: readonly { readonly names: RegExp; readonly reason: string }[] = [
  { names: /^(query|table|schema|database|cursor)_to_xml/, reason: 'reads tables that the statement does not name' },
  { names: /^ts_(stat|rewrite)$/, reason: 'can run a statement given as text' },
  { names: /^current_setting$/, reason: 'reads the server’s settings' },
  { names: /^txid_current$/, reason: 'gives the transaction a number, which a read has no use for' },
];

/** Immutable by their extensions' scripts: isn_weak sets a mode of the session; delete is a likely name for what deletes. */
export const REFUSED_CONTRIB = 'delete isn_weak';

/** Catalogue relations of PostgreSQL 16 to 18 that the server which the script reads may not have. */
export const NEWER_RELATIONS = `
  pg_stat_checkpointer pg_stat_io pg_stat_progress_copy pg_wait_events
`;

/** Relations of pg_catalog that hold secrets, the server's configuration or raw samples of data. */
export const REFUSED_RELATIONS = `
  pg_authid pg_config pg_db_role_setting pg_file_settings pg_hba_file_rules pg_ident_file_mappings pg_largeobject
  pg_settings pg_shadow pg_stat_wal_receiver pg_statistic pg_statistic_ext_data pg_subscription pg_user_mapping
  pg_user_mappings
`;
