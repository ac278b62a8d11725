// Made by scripts/generate-guard-functions.ts from the catalogues of PostgreSQL 15.18, pg16, pg17, pg18. Do not edit.

/** Functions of extensions that only compute. */
export const CONTRIB_FUNCTIONS = `
  _int_contained _int_contains _int_different _int_inter _int_overlap _int_same _int_union _intbig_in _intbig_out
  _lt_q_regex _lt_q_rregex _ltq_extract_regex _ltq_regex _ltq_rregex _ltree_extract_isparent _ltree_extract_risparent
  _ltree_isparent _ltree_r_isparent _ltree_r_risparent _ltree_risparent _ltxtq_exec _ltxtq_extract_exec _ltxtq_rexec
  akeys armor avals boolop bqarr_in bqarr_out btean13cmp btisbn13cmp btisbncmp btismn13cmp btismncmp btissn13cmp
  btissncmp btupccmp cash_dist citext citext_cmp citext_eq citext_ge citext_gt citext_hash citext_hash_extended
  citext_larger citext_le citext_lt citext_ne citext_pattern_cmp citext_pattern_ge citext_pattern_gt citext_pattern_le
  citext_pattern_lt citext_smaller citextin citextout citextsend crypt cube cube_cmp cube_contained cube_contains
  cube_coord cube_coord_llur cube_dim cube_distance cube_enlarge cube_eq cube_ge cube_gt cube_in cube_inter
  cube_is_point cube_le cube_ll_coord cube_lt cube_ne cube_out cube_overlap cube_send cube_size cube_subset cube_union
  cube_ur_coord date_dist dearmor decrypt decrypt_iv defined difference digest distance_chebyshev distance_taxicab
  dmetaphone dmetaphone_alt each ean13_in ean13_out earth earth_box earth_distance encrypt encrypt_iv exist exists_all
  exists_any fetchval float4_dist float8_dist gbtreekey16_in gbtreekey16_out gbtreekey2_in gbtreekey2_out
  gbtreekey32_in gbtreekey32_out gbtreekey4_in gbtreekey4_out gbtreekey8_in gbtreekey8_out gbtreekey_var_in
  gbtreekey_var_out gc_to_sec gen_random_bytes gen_random_uuid gen_salt geo_distance ghstore_in ghstore_out gtrgm_in
  gtrgm_out hashean13 hashisbn hashisbn13 hashismn hashismn13 hashissn hashissn13 hashupc hmac hs_concat hs_contained
  hs_contains hstore hstore_cmp hstore_eq hstore_ge hstore_gt hstore_hash hstore_hash_extended hstore_in hstore_le
  hstore_lt hstore_ne hstore_out hstore_send hstore_to_array hstore_to_json hstore_to_json_loose hstore_to_jsonb
  hstore_to_jsonb_loose hstore_to_matrix hstore_version_diag icount idx index int2_dist int4_dist int8_dist
  int_array_aggregate int_array_enum intarray_del_elem intarray_push_array intarray_push_elem interval_dist intset
  intset_subtract intset_union_elem is_valid isbn isbn13 isbn13_in isbn_in isdefined isexists ismn ismn13 ismn13_in
  ismn_in isn_out isneq isnge isngt isnle isnlt isnne issn issn13 issn13_in issn_in latitude lca levenshtein
  levenshtein_less_equal ll_to_earth longitude lquery_in lquery_out lquery_send lt_q_regex lt_q_rregex ltq_regex
  ltq_rregex ltree2text ltree_addltree ltree_addtext ltree_cmp ltree_eq ltree_ge ltree_gist_in ltree_gist_out ltree_gt
  ltree_in ltree_isparent ltree_le ltree_lt ltree_ne ltree_out ltree_risparent ltree_send ltree_textadd ltxtq_exec
  ltxtq_in ltxtq_out ltxtq_rexec ltxtq_send make_valid max metaphone min nlevel oid_dist pgp_armor_headers pgp_key_id
  pgp_pub_decrypt pgp_pub_decrypt_bytea pgp_sym_decrypt pgp_sym_decrypt_bytea populate_record querytree rboolop
  regexp_match regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table replace sec_to_gc seg_center
  seg_cmp seg_contained seg_contains seg_different seg_ge seg_gt seg_in seg_inter seg_le seg_left seg_lower seg_lt
  seg_out seg_over_left seg_over_right seg_overlap seg_right seg_same seg_size seg_union seg_upper show_limit
  show_trgm similarity similarity_dist similarity_op skeys slice slice_array sort sort_asc sort_desc soundex
  split_part strict_word_similarity strict_word_similarity_commutator_op strict_word_similarity_dist_commutator_op
  strict_word_similarity_dist_op strict_word_similarity_op strpos subarray subltree subpath svals tconvert text2ltree
  text_soundex texticlike texticnlike texticregexeq texticregexne time_dist translate ts_dist tstz_dist unaccent uniq
  upc upc_in uuid_generate_v1 uuid_generate_v1mc uuid_generate_v3 uuid_generate_v4 uuid_generate_v5 uuid_nil
  uuid_ns_dns uuid_ns_oid uuid_ns_url uuid_ns_x500 word_similarity word_similarity_commutator_op
  word_similarity_dist_commutator_op word_similarity_dist_op word_similarity_op
`;

/** Operators of those extensions. */
export const CONTRIB_OPERATORS = `
  !~ !~* !~~ !~~* # #<# #<=# #= #># #>=# % %# %% %> %>> & && &< &> + - -> < <#> <% <-> <->> <->>> << <<% <<-> <<<-> <=
  <=> <> <@ <@> = > >= >> ? ?& ?<@ ?@ ?@> ?| ?~ @ @> @@ ^<@ ^? ^@ ^@> ^~ | || ~ ~* ~<=~ ~<~ ~> ~>=~ ~>~ ~~ ~~*
`;

/** Types of those extensions. */
export const CONTRIB_TYPES = `
  citext cube ean13 earth gbtreekey16 gbtreekey2 gbtreekey32 gbtreekey4 gbtreekey8 gbtreekey_var ghstore gtrgm hstore
  intbig_gkey isbn isbn13 ismn ismn13 issn issn13 lquery ltree ltree_gist ltxtquery query_int seg upc
`;
