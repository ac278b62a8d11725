import { type Facts, noFacts, type Use } from '../../classify.ts';
import type { Scope } from '../../scope.ts';
import type { Token } from './tokenize.ts';

/** SQLite compares names without regard to the case of ASCII letters. */
export function fold(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/**
 * What the parser meets, with the scope it met it in: the select list comes before FROM, so names are resolved when the
 * whole statement has been read.
 */
export class Notes {
  readonly #facts: Facts = noFacts();
  readonly #tables: { readonly use: Use; readonly scope: Scope }[] = [];
  readonly #columns: { readonly parts: readonly string[]; readonly scope: Scope }[] = [];

  table(schema: Token | undefined, name: Token, scope: Scope): void {
    this.#tables.push({ use: use(schema, name), scope });
  }

  function(schema: Token | undefined, name: Token): void {
    this.#facts.functions.push(use(schema, name));
  }

  /** `parts` from the left: schema, table, column; the column may be `*`. */
  column(parts: readonly string[], scope: Scope): void {
    this.#columns.push({ parts: parts.map(fold), scope });
  }

  refuse(reason: string, at: Token): void {
    this.#facts.refusals.push({
      code: 'CONSTRUCT_NOT_ALLOWED',
      reason,
      hint: 'Use a smaller number.',
      offset: at.offset,
    });
  }

  resolve(): Facts {
    for (const { use, scope } of this.#tables) {
      if (use.schema !== null || !scope.isTableExpression(use.name)) this.#facts.tables.push(use);
    }
    for (const { parts, scope } of this.#columns) {
      const column = parts.at(-1) ?? '';
      const qualifier = parts.at(-2);
      if (qualifier === undefined) this.#facts.columns.add(column);
      else {
        const table = parts.length > 2 ? qualifier : scope.tableOf(qualifier);
        if (table !== null) this.#facts.columns.add(`${table ?? qualifier}.${column}`);
      }
    }
    return this.#facts;
  }
}

function use(schema: Token | undefined, name: Token): Use {
  return { schema: schema === undefined ? null : fold(schema.text), name: fold(name.text), offset: name.offset };
}
