/**
 * What people decided about the functions of MySQL and MariaDB; scripts/generate-mysql-functions.ts takes them from the
 * engines' own lists. Base: every function that an engine lists and that none of these names.
 *
 * A name that a version does not have is a function of the user's own there, if there is one. So it is with md5, sha and
 * sha1 of MySQL 9.6, which moved to a component, and with what is newer than the server; that all of it only reads is
 * then the session's READ ONLY to see to.
 */

interface RefusedFunctions {
  readonly names: string;
  /** As a message says it after the function's name. */
  readonly reason: string;
}

export const REFUSED_FUNCTIONS: readonly RefusedFunctions[] = [
  { names: 'sleep benchmark', reason: 'makes the server wait' },
  {
    names: 'get_lock release_lock release_all_locks is_free_lock is_used_lock',
    reason: 'takes, releases or shows locks of sessions',
  },
  { names: 'load_file', reason: 'reads the server’s files' },
  { names: 'nextval setval lastval', reason: 'uses or changes a sequence' },
  {
    names: `
      binlog_gtid_pos master_gtid_wait master_pos_wait source_pos_wait wait_for_executed_gtid_set
      wsrep_last_seen_gtid wsrep_last_written_gtid wsrep_sync_wait_upto_gtid
    `,
    reason: 'waits for replication or shows its state',
  },
  { names: 'des_encrypt des_decrypt', reason: 'uses the server’s key file' },
  {
    names: `
      asymmetric_decrypt asymmetric_encrypt asymmetric_sign asymmetric_verify create_asymmetric_priv_key
      create_asymmetric_pub_key create_dh_parameters create_digest asymmetric_derive validate_password_strength
    `,
    reason: 'is of a component; where that is missing, a function of your own may have the name',
  },
  {
    names: 'distance vector_distance',
    reason: 'is of MySQL HeatWave alone; elsewhere a function of your own may have the name',
  },
  { names: 'ps_current_thread_id ps_thread_id roles_graphml', reason: 'shows sessions and accounts of the server' },
  {
    names: `
      can_access_column can_access_database can_access_table can_access_user can_access_view get_dd_column_privileges
      get_dd_create_options get_dd_index_sub_part_length internal_auto_increment internal_avg_row_length
      internal_check_time internal_checksum internal_data_free internal_data_length internal_dd_char_length
      internal_get_comment_or_error internal_get_enabled_role_json internal_get_hostname internal_get_username
      internal_get_view_warning_or_error internal_index_column_cardinality internal_index_length
      internal_is_enabled_role internal_is_mandatory_role internal_keys_disabled internal_max_data_length
      internal_table_rows internal_update_time is_visible_dd_object
    `,
    reason: 'is for the server’s own views',
  },
  { names: 'sys_exec sys_eval sys_get sys_set lib_mysqludf_sys_info', reason: 'runs programs on the server' },
];

/** The lists have these for the operators and words that they document. */
export const NO_FUNCTIONS = 'and between binary case div exists in interval is json_table like match or regexp xor';

/** Functions of both that the lists leave out: words of the grammar, and other names of functions that are in them. */
export const UNLISTED = `
  current_date current_time current_timestamp current_user localtime localtimestamp utc_date utc_time utc_timestamp
  ascii avg char charset convert date day default extract format get_format group_concat hour if insert last_value left
  locate minute mod month position repeat replace right row_number second sha sysdate time timestamp timestampadd
  timestampdiff trim truncate user values weight_string year
  geometrycollection linestring multilinestring multipoint multipolygon point polygon
  st_aswkb st_aswkt st_geometrycollectionfromtext st_geometrycollectionfromwkb st_geometryfromtext
  st_geometryfromwkb st_linestringfromtext st_linestringfromwkb st_multilinestringfromtext st_multilinestringfromwkb
  st_multipointfromtext st_multipointfromwkb st_multipolygonfromtext st_multipolygonfromwkb
  st_polygonfromtext st_polygonfromwkb
`;

/** Other names in MySQL of functions that are in its list. */
export const UNLISTED_MYSQL = 'from_vector geomcollection st_geomcollfromtxt st_numinteriorring to_vector';

/** What MariaDB's list leaves out: functions of geometries and of dynamic columns, and those of 11 and 12. */
export const UNLISTED_MARIADB = `
  area asbinary astext aswkb aswkt boundary buffer centroid column_add column_create column_delete column_get contains
  convexhull crosses current_role dimension disjoint endpoint envelope equals exteriorring geomcollfromtext
  geomcollfromwkb geometrycollectionfromtext geometrycollectionfromwkb geometryfromtext geometryfromwkb geometryn
  geometrytype geomfromtext geomfromwkb glength interiorringn intersects isclosed isempty isring issimple linefromtext
  linefromwkb linestringfromtext linestringfromwkb mbrcontains mbrdisjoint mbrequal mbrequals mbrintersects mbroverlaps
  mbrtouches mbrwithin multilinestringfromtext multilinestringfromwkb multipointfromtext multipointfromwkb
  multipolygonfromtext multipolygonfromwkb mlinefromtext mlinefromwkb mpointfromtext mpointfromwkb mpolyfromtext mpolyfromwkb
  numgeometries numinteriorrings numpoints overlaps pointfromtext pointfromwkb pointn pointonsurface polyfromtext
  polyfromwkb polygonfromtext polygonfromwkb rownum srid startpoint touches value within x y
  st_area st_asbinary st_asgeojson st_astext st_boundary st_buffer st_centroid st_contains st_convexhull st_crosses
  st_difference st_dimension st_disjoint st_distance st_distance_sphere st_endpoint st_envelope st_equals
  st_exteriorring st_geomcollfromtext st_geomcollfromwkb st_geometryn st_geometrytype st_geomfromgeojson
  st_geomfromtext st_geomfromwkb st_interiorringn st_intersection st_intersects st_isclosed st_isempty st_isring
  st_issimple st_length st_linefromtext st_linefromwkb st_mlinefromtext st_mlinefromwkb st_mpointfromtext
  st_mpointfromwkb st_mpolyfromtext st_mpolyfromwkb st_numgeometries st_numinteriorrings st_numpoints st_overlaps
  st_pointfromtext st_pointfromwkb st_pointn st_pointonsurface st_polyfromtext st_polyfromwkb st_relate st_srid
  st_startpoint st_symdifference st_touches st_union st_within st_x st_y
  format_pico_time json_array_intersect json_key_value json_object_filter_keys json_object_to_array
  json_schema_valid kdf st_collect st_geohash st_isvalid st_latfromgeohash st_longfromgeohash st_pointfromgeohash
  st_simplify st_validate uuid_v4 uuid_v7 vec_distance vec_distance_cosine vec_distance_euclidean vec_fromtext
  vec_totext
`;
