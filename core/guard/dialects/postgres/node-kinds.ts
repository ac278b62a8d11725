/**
 * Every node of PostgreSQL's raw parse tree that a read may be made of, field by field.
 * Source: src/include/nodes/{parsenodes,primnodes}.h and gram.y of PostgreSQL 18 (libpg-query 18.1.5).
 *
 * A kind or a field that is not here is refused, so what a newer grammar adds is refused until someone reviews it.
 * Fields that only DML, DDL or the planner fills (intoClause, lockingClause, raw_default…) are left out on purpose.
 */
export type Field =
  /** A scalar, nothing to walk. */
  | 'value'
  /** A constant's value, an object of one scalar: `{"ival": 1}`. */
  | 'constant'
  /** One node, wrapped in its kind: `{"A_Const": {…}}`. */
  | 'node'
  /** A list of wrapped nodes; `{}` stands for NULL. */
  | 'nodes'
  /** The parts of a name: a list of String nodes. */
  | 'name'
  /** One node of a known kind, not wrapped. */
  | { readonly kind: string };

const value = 'value';
const constant = 'constant';
const node = 'node';
const nodes = 'nodes';
const name = 'name';
const of = (kind: string): Field => ({ kind });

type Kinds = Readonly<Record<string, Readonly<Record<string, Field>>>>;

const QUERIES: Kinds = {
  SelectStmt: {
    ...{ distinctClause: nodes, targetList: nodes, fromClause: nodes, whereClause: node, groupClause: nodes },
    ...{ groupDistinct: value, havingClause: node, windowClause: nodes, valuesLists: nodes, sortClause: nodes },
    ...{ limitOffset: node, limitCount: node, limitOption: value, withClause: of('WithClause') },
    ...{ op: value, all: value, larg: of('SelectStmt'), rarg: of('SelectStmt') },
  },
  WithClause: { ctes: nodes, recursive: value, location: value },
  CommonTableExpr: {
    ...{ ctename: value, aliascolnames: name, ctematerialized: value, ctequery: node, location: value },
    ...{ search_clause: of('CTESearchClause'), cycle_clause: of('CTECycleClause') },
  },
  CTESearchClause: { search_col_list: name, search_breadth_first: value, search_seq_column: value, location: value },
  CTECycleClause: {
    ...{ cycle_col_list: name, cycle_mark_column: value, cycle_mark_value: node, cycle_mark_default: node },
    ...{ cycle_path_column: value, location: value },
  },
  ResTarget: { name: value, val: node, location: value },
  GroupingSet: { kind: value, content: nodes, location: value },
  SortBy: { node, sortby_dir: value, sortby_nulls: value, useOp: name, location: value },
  WindowDef: {
    ...{ name: value, refname: value, partitionClause: nodes, orderClause: nodes, frameOptions: value },
    ...{ startOffset: node, endOffset: node, location: value },
  },
  List: { items: nodes },
};

const SOURCES: Kinds = {
  RangeVar: {
    ...{ catalogname: value, schemaname: value, relname: value, inh: value, relpersistence: value },
    ...{ alias: of('Alias'), location: value },
  },
  Alias: { aliasname: value, colnames: name },
  JoinExpr: {
    ...{ jointype: value, isNatural: value, larg: node, rarg: node, usingClause: name, quals: node },
    ...{ join_using_alias: of('Alias'), alias: of('Alias') },
  },
  RangeSubselect: { lateral: value, subquery: node, alias: of('Alias') },
  RangeFunction: {
    ...{ lateral: value, ordinality: value, is_rowsfrom: value, functions: nodes, coldeflist: nodes },
    ...{ alias: of('Alias') },
  },
  RangeTableSample: { relation: node, method: name, args: nodes, repeatable: node, location: value },
  RangeTableFunc: {
    ...{ lateral: value, docexpr: node, rowexpr: node, namespaces: nodes, columns: nodes, location: value },
    ...{ alias: of('Alias') },
  },
  RangeTableFuncCol: {
    ...{ colname: value, typeName: of('TypeName'), for_ordinality: value, is_not_null: value, colexpr: node },
    ...{ coldefexpr: node, location: value },
  },
  ColumnDef: {
    colname: value,
    typeName: of('TypeName'),
    is_local: value,
    collClause: of('CollateClause'),
    location: value,
  },
};

const EXPRESSIONS: Kinds = {
  A_Const: {
    ...{ ival: constant, fval: constant, boolval: constant, sval: constant, bsval: constant },
    ...{ isnull: value, location: value },
  },
  ParamRef: { number: value, location: value },
  ColumnRef: { fields: nodes, location: value },
  A_Star: {},
  String: { sval: value },
  Integer: { ival: value },
  A_Expr: {
    ...{ kind: value, name, lexpr: node, rexpr: node, rexpr_list_start: value, rexpr_list_end: value },
    ...{ location: value },
  },
  BoolExpr: { boolop: value, args: nodes, location: value },
  NullTest: { arg: node, nulltesttype: value, location: value },
  BooleanTest: { arg: node, booltesttype: value, location: value },
  A_Indirection: { arg: node, indirection: nodes },
  A_Indices: { is_slice: value, lidx: node, uidx: node },
  A_ArrayExpr: { elements: nodes, list_start: value, list_end: value, location: value },
  RowExpr: { args: nodes, row_format: value, location: value },
  FuncCall: {
    ...{ funcname: name, args: nodes, agg_order: nodes, agg_filter: node, over: of('WindowDef') },
    ...{ agg_within_group: value, agg_star: value, agg_distinct: value, func_variadic: value, funcformat: value },
    ...{ location: value },
  },
  NamedArgExpr: { arg: node, name: value, argnumber: value, location: value },
  SQLValueFunction: { op: value, typmod: value, location: value },
  CoalesceExpr: { args: nodes, location: value },
  MinMaxExpr: { op: value, args: nodes, location: value },
  GroupingFunc: { args: nodes, location: value },
  CaseExpr: { arg: node, args: nodes, defresult: node, location: value },
  CaseWhen: { expr: node, result: node, location: value },
  TypeCast: { arg: node, typeName: of('TypeName'), location: value },
  TypeName: { names: name, typmods: nodes, typemod: value, arrayBounds: nodes, setof: value, location: value },
  CollateClause: { arg: node, collname: name, location: value },
  SubLink: { subLinkType: value, testexpr: node, operName: name, subselect: node, location: value },
};

const XML_AND_JSON: Kinds = {
  XmlExpr: {
    ...{ op: value, name: value, named_args: nodes, args: nodes, xmloption: value, indent: value, location: value },
  },
  XmlSerialize: { xmloption: value, expr: node, typeName: of('TypeName'), indent: value, location: value },
  JsonFuncExpr: {
    ...{ op: value, column_name: value, context_item: of('JsonValueExpr'), pathspec: node, passing: nodes },
    ...{ output: of('JsonOutput'), on_empty: of('JsonBehavior'), on_error: of('JsonBehavior'), wrapper: value },
    ...{ quotes: value, location: value },
  },
  JsonArgument: { val: of('JsonValueExpr'), name: value },
  JsonValueExpr: { raw_expr: node, format: of('JsonFormat') },
  JsonFormat: { format_type: value, encoding: value, location: value },
  JsonReturning: { format: of('JsonFormat') },
  JsonOutput: { typeName: of('TypeName'), returning: of('JsonReturning') },
  JsonBehavior: { btype: value, expr: node, location: value },
  JsonTable: {
    ...{ context_item: of('JsonValueExpr'), pathspec: of('JsonTablePathSpec'), passing: nodes, columns: nodes },
    ...{ on_error: of('JsonBehavior'), alias: of('Alias'), lateral: value, location: value },
  },
  JsonTableColumn: {
    ...{ coltype: value, name: value, typeName: of('TypeName'), pathspec: of('JsonTablePathSpec') },
    ...{ format: of('JsonFormat'), wrapper: value, quotes: value, columns: nodes },
    ...{ on_empty: of('JsonBehavior'), on_error: of('JsonBehavior'), location: value },
  },
  JsonTablePathSpec: { string: node, name: value, name_location: value, location: value },
  JsonObjectConstructor: {
    ...{ exprs: nodes, output: of('JsonOutput'), absent_on_null: value, unique: value, location: value },
  },
  JsonArrayConstructor: { exprs: nodes, output: of('JsonOutput'), absent_on_null: value, location: value },
  JsonArrayQueryConstructor: {
    ...{ query: node, output: of('JsonOutput'), format: of('JsonFormat'), absent_on_null: value, location: value },
  },
  JsonAggConstructor: {
    ...{ output: of('JsonOutput'), agg_filter: node, agg_order: nodes, over: of('WindowDef'), location: value },
  },
  JsonObjectAgg: {
    ...{ constructor: of('JsonAggConstructor'), arg: of('JsonKeyValue'), absent_on_null: value, unique: value },
  },
  JsonArrayAgg: { constructor: of('JsonAggConstructor'), arg: of('JsonValueExpr'), absent_on_null: value },
  JsonKeyValue: { key: node, value: of('JsonValueExpr') },
  JsonIsPredicate: { expr: node, format: of('JsonFormat'), item_type: value, unique_keys: value, location: value },
  JsonParseExpr: { expr: of('JsonValueExpr'), output: of('JsonOutput'), unique_keys: value, location: value },
  JsonScalarExpr: { expr: node, output: of('JsonOutput'), location: value },
  JsonSerializeExpr: { expr: of('JsonValueExpr'), output: of('JsonOutput'), location: value },
};

/** Maps, not objects: `constructor` is both a field of this tree and a property of every object. */
export const NODE_KINDS: ReadonlyMap<string, ReadonlyMap<string, Field>> = new Map(
  Object.entries({ ...QUERIES, ...SOURCES, ...EXPRESSIONS, ...XML_AND_JSON }).map(([kind, fields]) => [
    kind,
    new Map(Object.entries(fields)),
  ]),
);
