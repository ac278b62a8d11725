import { z } from 'zod';
import type { ExecuteOptions, Session } from './session.ts';

/** Of a query of ours; what is more than this is left out. */
const MAX_ROWS = 200_000;
const Row = z.array(z.union([z.string(), z.null()]));

/** Runs a query of ours and collects its rows; names in lower case, every value as it is sent. */
export async function queryText(session: Session, options: ExecuteOptions): Promise<TextRow[]> {
  const { info, rows } = await session.execute(options);
  const names = info.rowtype.map(({ name }) => name.toLowerCase());
  const found: TextRow[] = [];
  const stream = rows();
  for await (const row of stream) {
    if (found.length === MAX_ROWS) break;
    found.push(new TextRow(names, Row.parse(row)));
  }
  return found;
}

export class TextRow {
  readonly #names: readonly string[];
  readonly #values: readonly (string | null)[];

  constructor(names: readonly string[], values: readonly (string | null)[]) {
    this.#names = names;
    this.#values = values;
  }

  /** Null also where the server's version has no such column. */
  textOrNull(name: string): string | null {
    return this.#values[this.#names.indexOf(name)] ?? null;
  }

  text(name: string): string {
    const value = this.textOrNull(name);
    if (value === null) throw new Error(`Column ${name} is NULL.`);
    return value;
  }

  numberOrNull(name: string): number | null {
    const value = this.textOrNull(name);
    return value === null ? null : Number(value);
  }
}
