import { isDeepStrictEqual } from 'node:util';
import type { ConnectorDialect } from '#core/dialects.ts';
import { CustardError } from '#core/errors.ts';
import { MAX_SCHEMA_BYTES, MIB } from '#core/protocol/limits.ts';
import type { FromAgent } from '#core/protocol/messages.ts';
import type { DatabaseSchema, SchemaTable } from '#core/schema.ts';
import { fingerprint, tableKey } from '#core/schema-fingerprint.ts';

type SchemaPage = Extract<FromAgent, { type: 'schema_page' }>;

/** A schema with its fingerprint. The schema is the very same object where nothing in it has changed. */
export interface KnownSchema {
  readonly schema: DatabaseSchema;
  readonly fingerprint: string;
}

/** The changes that came do not make the schema that the agent has: it is to be asked for as a whole. */
export class OutOfStep extends Error {}

/** Around the tables, on each page. */
const SLACK_BYTES = MIB;

/** A schema put together from its pages; how many there are is for the agent to say, how much is not. */
export class IncomingSchema {
  readonly #dialect: ConnectorDialect;
  readonly #known: KnownSchema | null;
  readonly #knownTables: ReadonlyMap<string, SchemaTable>;
  readonly #tables: SchemaTable[] = [];
  readonly #estimates = new Map<string, number | null>();
  readonly #removed = new Set<string>();
  #bytes = 0;

  /** @param known what was there before, whether or not the agent was asked with it */
  constructor(dialect: ConnectorDialect, known: KnownSchema | null) {
    this.#dialect = dialect;
    this.#known = known;
    this.#knownTables = new Map(known?.schema.tables.map((table) => [tableKey(table), table]));
  }

  /** The schema once the last page is there, null before. `bytes`: of the page as it came. RESULT_TOO_LARGE, OutOfStep. */
  add(page: SchemaPage, bytes: number): KnownSchema | null {
    this.#bytes += bytes;
    if (this.#bytes > MAX_SCHEMA_BYTES + SLACK_BYTES) throw tooLarge();
    for (const table of page.tables) this.#tables.push(this.#asKnown(table));
    for (const [schema, name, rows] of page.estimates ?? []) this.#estimates.set(tableKey({ schema, name }), rows);
    for (const [schema, name] of page.removed ?? []) this.#removed.add(tableKey({ schema, name }));
    if (!page.last) return null;
    return page.base === undefined ? this.#whole(page) : this.#changed(page);
  }

  /** The object that is there already where nothing is different: an agent that tells all again costs no memory. */
  #asKnown(table: SchemaTable): SchemaTable {
    const known = this.#knownTables.get(tableKey(table));
    return known !== undefined && isDeepStrictEqual(known, table) ? known : table;
  }

  #whole({ version, defaultSchemas }: SchemaPage): KnownSchema {
    const tables = inOrder(this.#tables, defaultSchemas);
    const schema = { dialect: this.#dialect, version, defaultSchemas, tables };
    return this.#known !== null && isSame(this.#known.schema, schema)
      ? this.#known
      : { schema, fingerprint: fingerprint(schema) };
  }

  #changed(page: SchemaPage): KnownSchema {
    const known = this.#known;
    if (known === null || page.base !== known.fingerprint) throw new OutOfStep();
    const replaced = new Set(this.#tables.map(tableKey));
    const kept = known.schema.tables.flatMap((table) => {
      const key = tableKey(table);
      if (replaced.has(key) || this.#removed.has(key)) return [];
      const rowEstimate = this.#estimates.get(key);
      return rowEstimate === undefined ? [table] : [{ ...table, rowEstimate }];
    });
    this.#tables.push(...kept);
    const merged = this.#whole(page);
    if (merged.fingerprint !== page.fingerprint) throw new OutOfStep();
    return merged;
  }
}

/** With the very same tables. */
function isSame(a: DatabaseSchema, b: DatabaseSchema): boolean {
  return (
    a.dialect === b.dialect &&
    a.version === b.version &&
    a.tables.length === b.tables.length &&
    isDeepStrictEqual(a.defaultSchemas, b.defaultSchemas) &&
    a.tables.every((table, index) => table === b.tables[index])
  );
}

/** What may be named without its schema first, then by name. */
function inOrder(tables: readonly SchemaTable[], defaultSchemas: readonly string[]): SchemaTable[] {
  const places = new Map(defaultSchemas.map((schema, place) => [schema, place]));
  const placeOf = ({ schema }: SchemaTable): number => places.get(schema ?? '') ?? defaultSchemas.length;
  return tables.toSorted(
    (a, b) => placeOf(a) - placeOf(b) || compare(a.schema ?? '', b.schema ?? '') || compare(a.name, b.name),
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function tooLarge(): CustardError {
  return new CustardError('RESULT_TOO_LARGE', `The database's schema is larger than ${MAX_SCHEMA_BYTES / MIB} MiB.`, {
    hint: "Describe less of it: SCHEMA_NAME or TABLE_FILTER in the agent's environment, or a role that sees fewer tables.",
  });
}
