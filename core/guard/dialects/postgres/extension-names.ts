/**
 * Names of extensions that PostgreSQL's own distribution does not have and that only compute, written from the manuals
 * of PostGIS 3.4, pgvector 0.7 and TimescaleDB 2.14; contrib-names.ts has those of the distribution.
 */
export const EXTENSION_FUNCTIONS = `
  approximate_row_count cosine_distance inner_product l1_distance l2_distance l2_norm l2_normalize time_bucket
  time_bucket_gapfill vector_dims vector_norm first last locf
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

export const EXTENSION_OPERATORS = '<=> <#> <+> &&& <<->> <<#>> <~>';

export const EXTENSION_TYPES = 'box2d box3d geography geometry halfvec sparsevec vector';
