/** Schemas of the engines' own: accounts, statements of other sessions, the server's inside. */
export const SYSTEM_SCHEMAS = 'information_schema mysql ndbinfo performance_schema sys';

/**
 * What of information_schema describes the user's own tables. Left out: grants and accounts, sessions and their
 * statements, settings and counters of the server, the texts of routines, triggers and events, and column_statistics,
 * which holds values of columns.
 */
export const ALLOWED_VIEWS = `
  character_sets check_constraints collation_character_set_applicability collations columns columns_extensions engines
  geometry_columns key_column_usage key_period_usage keywords parameters partitions periods referential_constraints
  schemata schemata_extensions sequences spatial_ref_sys sql_functions st_geometry_columns
  st_spatial_reference_systems st_units_of_measure statistics table_constraints table_constraints_extensions tables
  tables_extensions view_table_usage views
`;
