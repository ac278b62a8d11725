/**
 * What people decided about DuckDB's functions; scripts/generate-duckdb-functions.ts merges it with the catalogue into
 * function-names.ts. Base: every scalar and aggregate function and every built-in scalar macro, since the catalogue does
 * not say which have effects; and of the table functions those listed here.
 */

/** Why functions are refused, by their names; the first that matches speaks. */
export const REFUSED: readonly { readonly names: RegExp; readonly reason: string }[] = [
  { names: /^(nextval|currval|lastval|setval)$/, reason: 'uses or changes a sequence' },
  { names: /^(sleep|pg_sleep)/, reason: 'makes the server wait' },
  { names: /^setseed$/, reason: 'changes the session’s random numbers' },
  {
    names: /^(set_config|enable_|disable_|truncate_duckdb_logs|check_peg_parser)/,
    reason: 'changes the engine’s settings',
  },
  { names: /^write_log$/, reason: 'writes to the log' },
  {
    names: /^(current_setting|duckdb_settings|duckdb_profiling_settings|pg_settings)$/,
    reason: 'reads the engine’s settings',
  },
  { names: /^(getvariable|duckdb_variables)$/, reason: 'reads variables of the session' },
  { names: /^getenv$/, reason: 'reads the server’s environment' },
  { names: /^(duckdb_secrets|duckdb_secret_types|which_secret)$/, reason: 'reads stored secrets' },
  { names: /^(query|query_table)$/, reason: 'reads tables that are given as text' },
  {
    names:
      /^json_(execute_serialized_sql|serialize_sql|serialize_plan|deserialize_sql)$|^from_substrait|^sql_auto_complete$/,
    reason: 'parses or runs a statement given as text',
  },
  { names: /^(postgres|mysql|sqlite|odbc|mssql|snowflake|bigquery)_/, reason: 'opens connections to other databases' },
  { names: /^(http|shellfs|aws|load_aws|azure|hf_)/, reason: 'reaches the network or runs programs' },
  {
    names:
      /^(read_|parquet_|glob$|sniff_csv$|iceberg_|delta_|st_read|st_drivers|arrow_scan|pandas_scan|ducklake_|vortex|lance)/,
    reason: 'reads files or memory of the server',
  },
  { names: /^(checkpoint|force_checkpoint|duckdb_temporary_files)$/, reason: 'administers the database file' },
  { names: /^(duckdb_logs|duckdb_log_|duckdb_prepared_statements)/, reason: 'shows statements of others' },
  { names: /^(seq_scan|pragma_storage_info|duckdb_table_sample)$/, reason: 'shows data of a table given as text' },
  {
    names: /^(duckdb_databases|pragma_database_list|duckdb_extensions|duckdb_external_)/,
    reason: 'shows the server’s files',
  },
  { names: /^__internal_/, reason: 'is for the engine itself' },
];

/** Called by what the parser or the binder makes of a statement, and not in the catalogue. */
export const WITHOUT_ENTRY = 'unnest unlist count_star struct_pack list_value row map array_value';

/** Of versions after the one whose catalogue was read; they only compute. */
export const NEWER_FUNCTIONS = `
  combine_aggr decimal_average decimal_division invoke json_deep_merge json_insert json_merge_patch_diff
  json_normalize json_remove json_replace json_set json_strip_nulls logical_and logical_or lttb overlay
  st_asgeojson st_geomfromgeojson to_aggregate_state variant_array_length variant_comparator variant_contains
  variant_exists variant_extract_string variant_group_array variant_keys variant_type
`;

/** Table functions that compute, or describe schemas. */
export const TABLE_FUNCTIONS = `
  duckdb_columns duckdb_constraints duckdb_coordinate_systems duckdb_dependencies duckdb_functions duckdb_indexes
  duckdb_keywords duckdb_memory duckdb_optimizers duckdb_schemas duckdb_sequences duckdb_tables duckdb_types
  duckdb_views generate_series icu_calendar_names json_each json_tree pg_timezone_names pragma_collations
  pragma_database_size pragma_platform pragma_show pragma_table_info pragma_version range repeat repeat_row summary
  test_all_types test_vector_types unnest
`;

/** Built-in views that a question should not read. */
export const REFUSED_RELATIONS = `
  duckdb_databases duckdb_logs pg_prepared_statements pg_settings pragma_database_list
`;
