/**
 * Every node of the tree that DuckDB's json_serialize_sql gives for a read, field by field.
 * Source: src/include/duckdb/storage/serialization/*.json of DuckDB 1.5, and the trees of the statements in its suite.
 *
 * A kind, a type or a field that is not here is refused, so what a newer engine adds is refused until someone reviews
 * it. Defaults are left out by the serializer.
 */
export type Field =
  /** A scalar or a list of them, nothing to walk. */
  | 'value'
  | 'expression'
  | 'expressions'
  /** Rows of VALUES: a list of lists. */
  | 'rows'
  /** A FROM item. */
  | 'source'
  | 'query'
  | 'modifier'
  | 'modifiers'
  /** A constant: `{"type": …, "is_null": false, "value": 1}`. */
  | 'constant'
  | 'constants'
  /** A data type: `{"id": "LIST", "type_info": …}`. */
  | 'type'
  /** One object of a known kind, or a list of them. */
  | { readonly kind: string };

export interface NodeKind {
  /** The values of `type` that it may have. */
  readonly types: ReadonlySet<string>;
  readonly fields: ReadonlyMap<string, Field>;
}

const value = 'value';
const expression = 'expression';
const expressions = 'expressions';
const of = (kind: string): Field => ({ kind });

type Kinds = Readonly<Record<string, { readonly types?: string; readonly fields: Readonly<Record<string, Field>> }>>;

const COMMON: Readonly<Record<string, Field>> = { class: value, type: value, alias: value, query_location: value };

/** By `class`. DEFAULT belongs to INSERT and the BOUND_… to the planner. */
const EXPRESSIONS: Kinds = {
  BETWEEN: { types: 'COMPARE_BETWEEN', fields: { input: expression, lower: expression, upper: expression } },
  CASE: { types: 'CASE_EXPR', fields: { case_checks: of('CaseCheck'), else_expr: expression } },
  CAST: { types: 'OPERATOR_CAST', fields: { child: expression, cast_type: 'type', try_cast: value } },
  COLLATE: { types: 'COLLATE', fields: { child: expression, collation: value } },
  COLUMN_REF: { types: 'COLUMN_REF', fields: { column_names: value } },
  COMPARISON: {
    types: `COMPARE_EQUAL COMPARE_NOTEQUAL COMPARE_LESSTHAN COMPARE_GREATERTHAN COMPARE_LESSTHANOREQUALTO
      COMPARE_GREATERTHANOREQUALTO COMPARE_DISTINCT_FROM COMPARE_NOT_DISTINCT_FROM`,
    fields: { left: expression, right: expression },
  },
  CONJUNCTION: { types: 'CONJUNCTION_AND CONJUNCTION_OR', fields: { children: expressions } },
  CONSTANT: { types: 'VALUE_CONSTANT', fields: { value: 'constant' } },
  FUNCTION: {
    types: 'FUNCTION',
    fields: {
      ...{ function_name: value, schema: value, catalog: value, children: expressions, filter: expression },
      ...{ order_bys: 'modifier', distinct: value, is_operator: value, export_state: value },
    },
  },
  LAMBDA: { types: 'LAMBDA', fields: { lhs: expression, expr: expression } },
  OPERATOR: {
    types: `OPERATOR_NOT OPERATOR_IS_NULL OPERATOR_IS_NOT_NULL OPERATOR_COALESCE OPERATOR_TRY OPERATOR_UNPACK
      OPERATOR_NULLIF COMPARE_IN COMPARE_NOT_IN ARRAY_CONSTRUCTOR ARRAY_EXTRACT ARRAY_SLICE STRUCT_EXTRACT
      GROUPING_FUNCTION`,
    fields: { children: expressions },
  },
  PARAMETER: { types: 'VALUE_PARAMETER', fields: { identifier: value } },
  POSITIONAL_REFERENCE: { types: 'POSITIONAL_REFERENCE', fields: { index: value } },
  STAR: {
    types: 'STAR',
    fields: {
      ...{ relation_name: value, exclude_list: value, replace_list: of('Replacement'), columns: value },
      ...{ expr: expression, qualified_exclude_list: of('QualifiedName'), rename_list: of('Renaming') },
    },
  },
  SUBQUERY: {
    types: 'SUBQUERY',
    fields: { subquery_type: value, subquery: of('Statement'), child: expression, comparison_type: value },
  },
  WINDOW: {
    types: `WINDOW_AGGREGATE WINDOW_RANK WINDOW_RANK_DENSE WINDOW_NTILE WINDOW_PERCENT_RANK WINDOW_CUME_DIST
      WINDOW_ROW_NUMBER WINDOW_FIRST_VALUE WINDOW_LAST_VALUE WINDOW_LEAD WINDOW_LAG WINDOW_NTH_VALUE WINDOW_FILL`,
    fields: {
      ...{ function_name: value, schema: value, catalog: value, children: expressions, partitions: expressions },
      ...{ orders: of('Order'), start: value, end: value, start_expr: expression, end_expr: expression },
      ...{ offset_expr: expression, default_expr: expression, ignore_nulls: value, filter_expr: expression },
      ...{ exclude_clause: value, distinct: value, arg_orders: of('Order') },
    },
  },
};

/** By `type`. COLUMN_DATA, DELIM_GET and BOUND_TABLE_REF come from programs and from the planner. */
const SOURCES: Kinds = {
  BASE_TABLE: { fields: { schema_name: value, table_name: value, catalog_name: value, at_clause: of('AtClause') } },
  JOIN: {
    fields: {
      ...{ left: 'source', right: 'source', condition: expression, join_type: value, ref_type: value },
      ...{ using_columns: value },
    },
  },
  SUBQUERY: { fields: { subquery: of('Statement') } },
  TABLE_FUNCTION: { fields: { function: expression, with_ordinality: value } },
  EMPTY: { fields: {} },
  EXPRESSION_LIST: { fields: { expected_names: value, expected_types: value, values: 'rows' } },
  PIVOT: {
    fields: {
      ...{ source: 'source', aggregates: expressions, unpivot_names: value, pivots: of('PivotColumn') },
      ...{ groups: value, include_nulls: value },
    },
  },
  SHOW_REF: { fields: { query: 'query', show_type: value } },
};
const SOURCE_COMMON: Readonly<Record<string, Field>> = {
  ...{ type: value, alias: value, sample: of('Sample'), query_location: value, column_name_alias: value },
};

/** By `type`. */
const QUERIES: Kinds = {
  SELECT_NODE: {
    fields: {
      ...{ select_list: expressions, from_table: 'source', where_clause: expression, group_expressions: expressions },
      ...{ group_sets: value, aggregate_handling: value, having: expression, sample: of('Sample') },
      ...{ qualify: expression },
    },
  },
  SET_OPERATION_NODE: { fields: { setop_type: value, setop_all: value, left: 'query', right: 'query' } },
  RECURSIVE_CTE_NODE: {
    fields: {
      ...{ cte_name: value, union_all: value, left: 'query', right: 'query', aliases: value },
      ...{ key_targets: expressions },
    },
  },
};
const QUERY_COMMON: Readonly<Record<string, Field>> = { type: value, modifiers: 'modifiers', cte_map: of('CteMap') };

/** By `type`. */
const MODIFIERS: Kinds = {
  LIMIT_MODIFIER: { fields: { limit: expression, offset: expression } },
  LIMIT_PERCENT_MODIFIER: { fields: { limit: expression, offset: expression } },
  DISTINCT_MODIFIER: { fields: { distinct_on_targets: expressions } },
  ORDER_MODIFIER: { fields: { orders: of('Order') } },
};

/** Objects without a kind of their own, by the name they have in the engine's sources. */
const PARTS: Kinds = {
  Statement: { fields: { node: 'query', named_param_map: value } },
  CteMap: { fields: { map: of('CteEntry') } },
  CteEntry: { fields: { key: value, value: of('Cte') } },
  Cte: { fields: { aliases: value, query: of('Statement'), materialized: value, key_targets: expressions } },
  Order: { fields: { type: value, null_order: value, expression } },
  CaseCheck: { fields: { when_expr: expression, then_expr: expression } },
  Sample: { fields: { sample_size: 'constant', is_percentage: value, method: value, seed: value } },
  AtClause: { fields: { unit: value, expr: expression } },
  Replacement: { fields: { key: value, value: expression } },
  Renaming: { fields: { key: of('QualifiedName'), value } },
  QualifiedName: { fields: { catalog: value, schema: value, table: value, column: value } },
  PivotColumn: {
    fields: { pivot_expressions: expressions, unpivot_names: value, entries: of('PivotEntry'), pivot_enum: value },
  },
  PivotEntry: { fields: { values: 'constants', star_expr: expression, alias: value } },
};

/** Data types by the `type` of their details. */
const TYPE_DETAILS: Kinds = {
  DECIMAL_TYPE_INFO: { fields: { width: value, scale: value } },
  LIST_TYPE_INFO: { fields: { child_type: 'type' } },
  ARRAY_TYPE_INFO: { fields: { child_type: 'type', size: value } },
  STRUCT_TYPE_INFO: { fields: { child_types: of('StructField') } },
  GENERIC_TYPE_INFO: { fields: {} },
  STRING_TYPE_INFO: { fields: { collation: value } },
  GEO_TYPE_INFO: { fields: { crs: value } },
  UNBOUND_TYPE_INFO: { fields: { name: value, schema: value, catalog: value, user_type_modifiers: 'constants' } },
};
const TYPE_PARTS: Kinds = {
  Type: { fields: { id: value, type_info: of('TypeDetails') } },
  StructField: { fields: { first: value, second: 'type' } },
};

function table(kinds: Kinds, common: Readonly<Record<string, Field>> = {}): ReadonlyMap<string, NodeKind> {
  const entries = Object.entries(kinds).map(([kind, { types = kind, fields }]): [string, NodeKind] => [
    kind,
    { types: new Set(types.split(/\s+/)), fields: new Map(Object.entries({ ...common, ...fields })) },
  ]);
  return new Map(entries);
}

export const NODE_KINDS = {
  expression: table(EXPRESSIONS, COMMON),
  source: table(SOURCES, SOURCE_COMMON),
  query: table(QUERIES, QUERY_COMMON),
  modifier: table(MODIFIERS, { type: value }),
  part: table({ ...PARTS, ...TYPE_PARTS }),
  typeDetails: table(TYPE_DETAILS, { type: value, alias: value }),
} as const;
export type Family = keyof typeof NODE_KINDS;
