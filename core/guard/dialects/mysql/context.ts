import type { Parsing } from '../../parsing/parsing.ts';
import type { Scope } from '../../parsing/scope.ts';
import type { Token } from '../../parsing/token.ts';
import type { TableName } from '../../verdict.ts';
import { fold } from './keywords.ts';
import { refuseConstruct } from './refusals.ts';
import type { Sizes } from './sizes.ts';

/** What the parts of the parser share while they read one statement. */
export interface MysqlParsing extends Parsing {
  readonly statement: string;
  readonly sources: Sources;
  readonly sizes: Sizes;
}

/** A name as the statement has it: words that are not quoted are tokens in upper case. */
export function writtenName({ statement }: MysqlParsing, { kind, text, offset }: Token): string {
  return kind === 'keyword' ? statement.slice(offset, offset + text.length) : text;
}

export function isQuoted({ statement }: MysqlParsing, { offset }: Token): boolean {
  return statement[offset] === '`';
}

/** An item of a FROM. */
interface Source {
  readonly alias: Token;
  readonly table: TableName | null;
  readonly scope: Scope;
}

interface Known {
  /** As written. */
  readonly alias: string;
  readonly table: TableName | null;
  readonly scope: Scope;
  readonly offset: number;
}

/** The engines join no more. */
const MAX_TABLES = 61;

/**
 * The FROM items of a statement, over all its SELECTs. Whether `S` and `s` are one alias depends on the server's file
 * system, and `db.t` may be said of an alias t too: where that makes a difference, all columns count as read.
 */
export class Sources {
  readonly #byAlias = new Map<string, Known[]>();
  readonly #counts = new Map<Scope, number>();
  #isSchemaNamed = false;
  #isJoinedByName = false;

  /** @param written the alias as the statement has it */
  add(written: string, { alias, table, scope }: Source): void {
    const { offset } = alias;
    const count = (this.#counts.get(scope) ?? 0) + 1;
    if (count > MAX_TABLES) {
      refuseConstruct(`The query joins more than ${MAX_TABLES} tables.`, 'Join fewer: no engine takes more.', alias);
    }
    this.#counts.set(scope, count);
    const key = fold(written);
    scope.addSource(key, table);
    const others = this.#byAlias.get(key);
    const known = { alias: written, table, scope, offset };
    if (others === undefined) this.#byAlias.set(key, [known]);
    else others.push(known);
  }

  /** A column was named with its schema. */
  nameSchema(): void {
    this.#isSchemaNamed = true;
  }

  /** Tables are joined by the columns they have in common: NATURAL, USING. */
  joinByName(): void {
    this.#isJoinedByName = true;
  }

  get hasSchemaInNamedJoin(): boolean {
    return this.#isSchemaNamed && this.#isJoinedByName;
  }

  /** Where all columns of a scope count as read, once for each. */
  ambiguous(): { readonly scope: Scope; readonly offset: number }[] {
    const groups = [...this.#byAlias.values()].filter((group) => this.#isAmbiguous(group));
    return [...new Map(groups.flat().map((known) => [known.scope, known])).values()];
  }

  #isAmbiguous([first, ...others]: readonly Known[]): boolean {
    return others.some(
      (other) =>
        other.alias !== first?.alias ||
        other.scope === first.scope ||
        (this.#isSchemaNamed && !isSameTable(other.table, first.table)),
    );
  }
}

function isSameTable(a: TableName | null, b: TableName | null): boolean {
  return a?.schema === b?.schema && a?.name === b?.name;
}

/** Notes a column by its name and the table in front of it; a schema says nothing that the FROM does not. */
export function noteColumn(
  { notes, sources }: MysqlParsing,
  parts: readonly string[],
  scope: Scope,
  offset: number,
): void {
  if (parts.length > 2) sources.nameSchema();
  notes.column(parts.slice(-2), scope, offset);
}
