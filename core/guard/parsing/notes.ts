import { type ColumnUse, type Facts, noFacts, type Use } from '../classify.ts';
import { ShownColumns } from '../shown-columns.ts';
import type { TableName } from '../verdict.ts';
import type { Scope } from './scope.ts';
import type { Token } from './token.ts';

interface ColumnNote {
  /** From the left: schema, table, column. */
  readonly parts: readonly string[];
  readonly scope: Scope;
  readonly offset: number;
  /** A star that may mean the tables of the queries around, too. */
  readonly isInReach?: boolean;
}

/**
 * What a parser meets, with the scope it met it in: the select list comes before FROM, so names are resolved when the
 * whole statement has been read.
 */
export class Notes {
  readonly #fold: (name: string) => string;
  readonly #facts: Facts = noFacts();
  readonly #tables: { readonly use: Use; readonly scope: Scope }[] = [];
  readonly #columns: ColumnNote[] = [];
  readonly #items: { readonly column: ColumnNote | null; readonly alias: string | null }[] = [];
  readonly #shown = new ShownColumns();

  /** @param fold what the engine makes of a name before it compares it with others */
  constructor(fold: (name: string) => string) {
    this.#fold = fold;
  }

  fold(name: string): string {
    return this.#fold(name);
  }

  /** How many places that read columns were noted so far. */
  get columnCount(): number {
    return this.#columns.length;
  }

  table(schema: Token | undefined, name: Token, scope: Scope): void {
    this.#tables.push({ use: this.#use(schema, name), scope });
  }

  function(schema: Token | undefined, name: Token): void {
    this.#facts.functions.push(this.#use(schema, name));
  }

  /** `parts` from the left: schema, table, column; the column may be `*`. */
  column(parts: readonly string[], scope: Scope, offset: number): void {
    this.#columns.push({ parts: parts.map(this.#fold), scope, offset });
  }

  /** Something reads columns without a name, of any table in reach: a column by its place. */
  everything(scope: Scope, offset: number): void {
    this.#columns.push({ parts: ['*'], scope, offset, isInReach: true });
  }

  /**
   * The next item of the outermost select list. `isColumn` where it is one column or star and nothing else, which was
   * then noted last.
   */
  item(isColumn: boolean, alias: string | null): void {
    const column = isColumn ? (this.#columns.pop() ?? null) : null;
    this.#items.push({ column, alias: alias === null ? null : this.#fold(alias) });
  }

  /** The outermost query orders by the item of that place, from 1. */
  position(position: number): void {
    this.#shown.usePosition(position);
  }

  /** Something between the outermost select list and the result looks at the items: DISTINCT, GROUP BY, a UNION. */
  useItems(): void {
    this.#shown.useAll();
  }

  refuse(reason: string, at: Token, hint = 'Use a smaller number.'): void {
    this.#facts.refusals.push({ code: 'CONSTRUCT_NOT_ALLOWED', reason, hint, offset: at.offset });
  }

  resolve(): Facts {
    for (const { use, scope } of this.#tables) {
      if (use.schema !== null || !scope.isTableExpression(use.name)) this.#facts.tables.push(use);
    }
    for (const { column, alias } of this.#items) {
      this.#shown.add(column === null ? null : resolveColumn(column).slice(0, 1), alias);
    }
    this.#facts.columns.push(...this.#shown.finish(this.#columns.flatMap(resolveColumn)));
    return this.#facts;
  }

  #use(schema: Token | undefined, name: Token): Use {
    const folded = schema === undefined ? null : this.#fold(schema.text);
    return { schema: folded, name: this.#fold(name.text), offset: name.offset };
  }
}

/** The first is the nearest; the others are guesses, where an engine may look further out for the column. */
function resolveColumn({ parts, scope, offset, isInReach }: ColumnNote): ColumnUse[] {
  const name = parts.at(-1) ?? '';
  const table = parts.at(-2);
  const use = { name, role: 'used', offset } as const;
  if (table === undefined) {
    const tables = name === '*' && !isInReach ? scope.ownTables() : scope.tablesInReach();
    return [{ ...use, tables, isQualified: false }];
  }
  const [nearest = { schema: null, name: table }, ...others] = named(table, parts.at(-3), scope);
  const guesses = others
    .filter((one) => one !== null)
    .map((one) => ({ ...use, tables: [one], isQualified: true, isGuess: true }));
  return [{ ...use, tables: nearest === null ? [] : [nearest], isQualified: true }, ...guesses];
}

/** The tables that a qualifier may mean: those of an alias in scope, null for a derived one, or the one it names. */
function named(table: string, schema: string | undefined, scope: Scope): (TableName | null)[] {
  if (schema === undefined) return scope.tablesOf(table);
  const inReach = scope.tablesInReach().find((found) => found.name === table && isWithin(found.schema, schema));
  return [inReach ?? { schema, name: table }];
}

/** Where schemas have databases before them, a qualifier may leave those out. */
function isWithin(full: string | null, schema: string): boolean {
  return full === schema || (full?.endsWith(`.${schema}`) ?? false);
}
