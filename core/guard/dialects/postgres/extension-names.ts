/**
 * Names of well-known extensions that only compute: their functions are immutable or stable in the extension's own
 * script. Checked against the contrib modules of PostgreSQL 15, PostGIS 3.4, pgvector 0.7 and TimescaleDB 2.14.
 */

/** pg_trgm, fuzzystrmatch, unaccent, hstore, uuid-ossp, pgcrypto, intarray, ltree, cube, earthdistance, and others. */
export const EXTENSION_FUNCTIONS = `
  similarity strict_word_similarity word_similarity show_trgm
  levenshtein levenshtein_less_equal soundex difference metaphone dmetaphone dmetaphone_alt daitch_mokotoff
  unaccent
  akeys avals each exist hstore hstore_to_array hstore_to_json hstore_to_json_loose hstore_to_jsonb
  hstore_to_jsonb_loose hstore_to_matrix skeys slice svals
  uuid_generate_v1 uuid_generate_v1mc uuid_generate_v3 uuid_generate_v4 uuid_generate_v5 uuid_nil uuid_ns_dns
  uuid_ns_oid uuid_ns_url uuid_ns_x500
  digest hmac armor dearmor
  icount sort sort_asc sort_desc uniq idx subarray
  lca ltree2text nlevel subltree subpath text2ltree
  cube cube_dim cube_distance cube_enlarge cube_inter cube_is_point cube_ll_coord cube_subset cube_union cube_ur_coord
  earth earth_box earth_distance gc_to_sec latitude ll_to_earth longitude sec_to_gc
  normal_rand citext
  cosine_distance inner_product l1_distance l2_distance l2_norm l2_normalize vector_dims vector_norm
  time_bucket time_bucket_gapfill first last locf interpolate histogram approximate_row_count
  st_area st_asbinary st_asewkt st_asgeojson st_astext st_azimuth st_boundary st_buffer st_centroid st_clusterdbscan
  st_clusterkmeans st_collect st_contains st_convexhull st_coveredby st_covers st_crosses st_difference st_dimension
  st_disjoint st_distance st_distancesphere st_distancespheroid st_dwithin st_endpoint st_envelope st_equals st_extent
  st_exteriorring st_geogfromtext st_geohash st_geomfromgeojson st_geomfromtext st_geomfromwkb st_geometryn
  st_geometrytype st_geometryfromtext st_intersection st_intersects st_isempty st_isvalid st_length st_lengthsphere
  st_linemerge st_makeenvelope st_makeline st_makepoint st_makepolygon st_makevalid st_maxdistance st_multi
  st_npoints st_numgeometries st_numpoints st_overlaps st_perimeter st_point st_pointfromtext st_pointn
  st_pointonsurface st_polygon st_setsrid st_simplify st_snaptogrid st_srid st_startpoint st_subdivide st_touches
  st_transform st_translate st_union st_within st_x st_xmax st_xmin st_y st_ymax st_ymin st_z
`;

/** TABLESAMPLE's own two, and those of tsm_system_rows and tsm_system_time. */
export const SAMPLING_METHODS = 'bernoulli system system_rows system_time';

/** pg_trgm, hstore, intarray, ltree, cube, pgvector and PostGIS; the others share the names of built-in ones. */
export const EXTENSION_OPERATORS = `
  %> <% %>> <<% <<-> <->> <<<-> <->>> %% %# <~> <=> <#> <+> ~@ @@@ ?@> ?<@ ?~ ?@ ^@> ^<@ ^~ ^@ ~== &&& <<->> <<#>> #= |=|
`;

export const EXTENSION_TYPES = `
  citext cube earth geography geometry hstore lquery ltree ltxtquery seg vector halfvec sparsevec box2d box3d
  intarray query_int isbn isbn13 issn ean13 upc
`;
