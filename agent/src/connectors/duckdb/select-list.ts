import type { ColumnUse } from '#core/guard/classify.ts';
import { type Fields, fieldsOf, fold, isFields, listOf, textOf } from '#core/guard/dialects/duckdb/nodes.ts';
import { Walk } from '#core/guard/dialects/duckdb/walk.ts';
import { Scope } from '#core/guard/parsing/scope.ts';
import type { Catalogue, Entry } from './catalog.ts';

/** What a column of the result is. */
export type Item =
  /** A reference to a column, by itself. */
  | { readonly kind: 'column'; readonly uses: readonly ColumnUse[] }
  /** A star shows it: this column of this table. */
  | { readonly kind: 'member'; readonly entry: Entry; readonly column: string }
  /** A star shows it, or something else that may be several columns: only its name tells. */
  | { readonly kind: 'unknown'; readonly aliasesOf: (entry: Entry, column: string) => readonly string[] }
  | { readonly kind: 'computed' };

/** The outermost select list of a statement. */
export class SelectList {
  /** Uses of columns that are no items by themselves. */
  readonly others: readonly ColumnUse[];
  readonly #catalogue: Catalogue;
  readonly #walk = new Walk((bytes) => bytes);
  readonly #select: Fields;
  readonly #items: readonly Fields[];
  readonly #expressions: ReadonlySet<string>;

  /** Throws Refused for what the guard does not let through. */
  constructor(tree: Fields, catalogue: Catalogue) {
    this.#catalogue = catalogue;
    this.#walk.statement(tree, new Scope(undefined));
    this.#select = fieldsOf(tree['node']);
    this.#items = listOf(this.#select['select_list']).map(fieldsOf);
    this.#expressions = new Set(namesOfWith(tree));
    const shown = new Set(this.#items.flatMap((item) => this.#walk.columnsAt.get(item) ?? []));
    this.others = this.#walk.facts.columns.filter((use) => !shown.has(use));
  }

  /** The item of each column of the result; undefined where they do not fit together. */
  place(names: readonly string[]): Item[] | undefined {
    // Of a UNION, no item is a column by itself.
    if (this.#select['type'] !== 'SELECT_NODE') return names.map(() => ({ kind: 'computed' }));
    const widths = this.#items.map((item) => this.#members(item)?.length ?? (expands(item) ? undefined : 1));
    const [first, last] = [widths.indexOf(undefined), widths.lastIndexOf(undefined)];
    if (first < 0)
      return this.#fitting(
        this.#items.flatMap((item) => this.#plain(item)),
        names,
      );
    const before = this.#items.slice(0, first).flatMap((item) => this.#plain(item));
    const after = this.#items.slice(last + 1).flatMap((item) => this.#plain(item));
    const between = names.length - before.length - after.length;
    if (between < 0) return undefined;
    const unknown: Item = { kind: 'unknown', aliasesOf: (entry, column) => this.#aliasesOf(entry, column) };
    return this.#fitting([...before, ...Array.from({ length: between }, () => unknown), ...after], names);
  }

  /** Columns of a table have their names there. */
  #fitting(items: readonly Item[], names: readonly string[]): Item[] | undefined {
    const fits = items.every((item, index) => item.kind !== 'member' || item.column === names[index]);
    return items.length === names.length && fits ? [...items] : undefined;
  }

  #plain(item: Fields): Item[] {
    const members = this.#members(item);
    if (members !== undefined) return members;
    const uses = item['class'] === 'COLUMN_REF' ? this.#walk.columnsAt.get(item) : undefined;
    return [uses === undefined ? { kind: 'computed' } : { kind: 'column', uses }];
  }

  /** What a star shows, where it stands for whole tables. */
  #members(item: Fields): Item[] | undefined {
    if (item['class'] !== 'STAR' || !this.#walk.columnsAt.has(item) || item['exclude_list'] !== undefined)
      return undefined;
    const entries =
      textOf(item, 'relation_name') === undefined ? this.#tablesOf(this.#select['from_table']) : this.#named(item);
    return entries?.flatMap((entry) => entry.columns.map((column) => ({ kind: 'member', entry, column }) as const));
  }

  #named(item: Fields): Entry[] | undefined {
    const name = fold(textOf(item, 'relation_name') ?? '');
    const sources = sourcesOf(this.#select['from_table']).filter((source) => nameOf(source) === name);
    return sources.length === 1 ? this.#tablesOf(sources[0]) : undefined;
  }

  #tablesOf(source: unknown): Entry[] | undefined {
    const fields = fieldsOf(source);
    if (fields['type'] === 'BASE_TABLE') return this.#table(fields);
    const isPlainJoin =
      fields['type'] === 'JOIN' &&
      PLAIN_JOINS.has(fields['join_type'] ?? 'INNER') &&
      fields['ref_type'] !== 'NATURAL' &&
      [fields['using_columns'], fields['alias'], fields['column_name_alias']].every((value) => value === undefined);
    if (!isPlainJoin) return undefined;
    const [left, right] = [this.#tablesOf(fields['left']), this.#tablesOf(fields['right'])];
    return left === undefined || right === undefined ? undefined : [...left, ...right];
  }

  #table(fields: Fields): Entry[] | undefined {
    const name = textOf(fields, 'table_name') ?? '';
    const schema = [textOf(fields, 'catalog_name'), textOf(fields, 'schema_name')].filter((part) => part !== undefined);
    if (this.#expressions.has(fold(name)) || fields['column_name_alias'] !== undefined) return undefined;
    const entry = this.#catalogue.find({ schema: schema.length === 0 ? null : schema.join('.'), name });
    return entry && [entry];
  }

  /** Names under which items show the column by itself. */
  #aliasesOf(entry: Entry, column: string): string[] {
    return this.#items.flatMap((item) => {
      const isColumn = (this.#walk.columnsAt.get(item) ?? []).some(
        ({ name, tables }) =>
          name === fold(column) && tables.some((table) => this.#catalogue.candidates(table).includes(entry)),
      );
      return isColumn ? (textOf(item, 'alias') ?? []) : [];
    });
  }
}

const PLAIN_JOINS: ReadonlySet<unknown> = new Set(['INNER', 'LEFT', 'RIGHT', 'OUTER', 'FULL']);

/** The tables and the like side by side in FROM. */
function sourcesOf(source: unknown): Fields[] {
  const fields = fieldsOf(source);
  return fields['type'] === 'JOIN' ? [...sourcesOf(fields['left']), ...sourcesOf(fields['right'])] : [fields];
}

const nameOf = (source: Fields): string => fold(textOf(source, 'alias') ?? textOf(source, 'table_name') ?? '');

/** Whether an item may be more than one column: a star anywhere in it, or a struct that is unnested. */
function expands(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(expands);
  if (!isFields(value)) return false;
  if (value['class'] === 'STAR') return true;
  const name = textOf(value, 'function_name');
  return (name !== undefined && UNNESTING.has(fold(name))) || Object.values(value).some(expands);
}

const UNNESTING: ReadonlySet<string> = new Set(['unnest', 'unlist']);

/** The names that WITH gives anywhere in the statement. */
function namesOfWith(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesOfWith);
  if (!isFields(value)) return [];
  const entries = listOf(fieldsOf(value['cte_map'])['map']).map((entry) => fold(textOf(fieldsOf(entry), 'key') ?? ''));
  return [...entries, ...Object.values(value).flatMap(namesOfWith)];
}
