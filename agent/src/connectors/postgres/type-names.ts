import type { Column } from '#core/values.ts';
import type { TextRow } from '../text-row.ts';
import type { Field } from './backend-messages.ts';
import { commonTypes, kindOf, type PostgresType } from './types.ts';

/** A type that nobody could look up is named by its oid. */
const unknownType = (oid: number): PostgresType => ({ name: `oid ${oid}`, kind: 'other' });

const LOOK_UP = `
  SELECT t.oid::text AS oid, t.typcategory::text AS category,
         CASE WHEN t.typcategory = 'A' AND e.oid IS NOT NULL THEN e.typname || '[]' ELSE t.typname END AS name
  FROM pg_catalog.pg_type t
  LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem
  WHERE t.oid = ANY ($1::pg_catalog.oid[])`;

/** Knows the names of types by oid and learns those it meets: enums, extensions' types, arrays of them. */
export class TypeNames {
  readonly #types = commonTypes();
  readonly #query: (sql: string, parameters: readonly string[]) => Promise<TextRow[]>;

  /** `query` runs a catalog query on a session that is not busy. */
  constructor(query: (sql: string, parameters: readonly string[]) => Promise<TextRow[]>) {
    this.#query = query;
  }

  /** A promise only when the catalog has to be asked. */
  columns(fields: readonly Field[]): Column[] | Promise<Column[]> {
    const missing = new Set(fields.map(({ typeOid }) => typeOid).filter((oid) => !this.#types.has(oid)));
    if (missing.size === 0) return this.#known(fields);
    return this.#learn([...missing]).then(() => this.#known(fields));
  }

  #known(fields: readonly Field[]): Column[] {
    return fields.map(({ name, typeOid }) => {
      const { name: type, kind } = this.#types.get(typeOid) ?? unknownType(typeOid);
      return { name, type, kind };
    });
  }

  async #learn(oids: readonly number[]): Promise<void> {
    try {
      for (const row of await this.#query(LOOK_UP, [`{${oids.join(',')}}`])) {
        const name = row.text('name');
        this.#types.set(row.number('oid'), { name, kind: kindOf(name, row.text('category')) });
      }
    } catch {
      // A result with a type named by its oid is better than none; the next one asks again.
    }
  }
}
