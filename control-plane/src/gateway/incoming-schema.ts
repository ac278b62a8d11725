import type { ConnectorDialect } from '#core/dialects.ts';
import { CustardError } from '#core/errors.ts';
import { MAX_SCHEMA_BYTES, MIB } from '#core/protocol/limits.ts';
import type { FromAgent } from '#core/protocol/messages.ts';
import type { DatabaseSchema, SchemaTable } from '#core/schema.ts';

type SchemaPage = Extract<FromAgent, { type: 'schema_page' }>;

/** A schema put together from its pages; how many there are is for the agent to say, how much is not. */
export class IncomingSchema {
  readonly #dialect: ConnectorDialect;
  readonly #tables: SchemaTable[] = [];
  #bytes = 0;

  constructor(dialect: ConnectorDialect) {
    this.#dialect = dialect;
  }

  /** The schema once the last page is there, null before. `bytes`: of the page as it came. RESULT_TOO_LARGE. */
  add({ version, defaultSchemas, tables, last }: SchemaPage, bytes: number): DatabaseSchema | null {
    this.#bytes += bytes;
    if (this.#bytes > MAX_SCHEMA_BYTES) {
      throw new CustardError(
        'RESULT_TOO_LARGE',
        `The database's schema is larger than ${MAX_SCHEMA_BYTES / MIB} MiB.`,
        {
          hint: "Let the agent's role see fewer tables: only what questions are asked about.",
        },
      );
    }
    this.#tables.push(...tables);
    return last ? { dialect: this.#dialect, version, defaultSchemas, tables: this.#tables } : null;
  }
}
