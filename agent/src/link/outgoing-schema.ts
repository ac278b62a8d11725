import type { ConnectorDialect } from '#core/dialects.ts';
import { CustardError } from '#core/errors.ts';
import { KIB, MAX_SCHEMA_BYTES, MIB } from '#core/protocol/limits.ts';
import type { FromAgent } from '#core/protocol/messages.ts';
import type { SchemaTable } from '#core/schema.ts';
import { fingerprintOf, tableDigest, tableKey } from '#core/schema-fingerprint.ts';
import type { SchemaPage } from '../connectors/connector.ts';
import type { SchemaHead } from '../connectors/page-maker.ts';
import { isNotable, type SentSchemas, type SentTable, type SentTables } from './sent-schemas.ts';

type PageMessage = Omit<Extract<FromAgent, { type: 'schema_page' }>, 'type' | 'id'>;
type Estimate = NonNullable<PageMessage['estimates']>[number];
type Name = NonNullable<PageMessage['removed']>[number];

/** Characters of one message: half a frame, as a character may take more than one byte. */
const PAGE_CHARACTERS = 256 * KIB;

interface OutgoingSchemaOptions {
  readonly dialect: ConnectorDialect;
  readonly sent: SentSchemas;
  /** The fingerprint of the schema that the other side has. */
  readonly base: string | undefined;
  readonly send: (page: PageMessage) => void;
}

/** Sends a schema while it is read: all of it, or what is different from the one that the other side has. */
export class OutgoingSchema {
  readonly #options: OutgoingSchemaOptions;
  readonly #before: SentTables | undefined;
  readonly #now = new Map<string, SentTable>();
  #head: SchemaHead = { version: '', defaultSchemas: [] };
  #tables: SchemaTable[] = [];
  #estimates: Estimate[] = [];
  #removed: Name[] = [];
  #size = 0;
  #total = 0;

  constructor(options: OutgoingSchemaOptions) {
    this.#options = options;
    this.#before = options.base === undefined ? undefined : options.sent.find(options.base);
  }

  /** RESULT_TOO_LARGE as soon as the schema as a whole is more than the other side takes. */
  add({ tables, parents: _, ...head }: SchemaPage): void {
    this.#head = head;
    for (const table of tables) this.#add(table);
  }

  end(): void {
    for (const key of this.#before?.keys() ?? []) if (!this.#now.has(key)) this.#remove(key);
    const digests = [...this.#now.values()].map(({ digest }) => digest);
    const fingerprint = fingerprintOf({ dialect: this.#options.dialect, ...this.#head }, digests);
    this.#options.send({ ...this.#page(), last: true, fingerprint });
    this.#options.sent.remember(fingerprint, this.#now);
  }

  #add(table: SchemaTable): void {
    const json = JSON.stringify(table);
    this.#total += Buffer.byteLength(json);
    if (this.#total > MAX_SCHEMA_BYTES) throw tooLarge();
    const key = tableKey(table);
    const { rowEstimate, partitions } = table;
    const before = this.#before?.get(key);
    const digest = tableDigest(table);
    const isSame = before?.digest === digest && before.partitions === partitions;
    if (isSame && !isNotable(before.rowEstimate, rowEstimate)) {
      this.#now.set(key, before);
      return;
    }
    this.#now.set(key, { digest, rowEstimate, partitions });
    if (isSame) {
      this.#makeRoom(key.length + 24);
      this.#estimates.push([table.schema, table.name, rowEstimate]);
    } else {
      this.#makeRoom(json.length);
      this.#tables.push(table);
    }
  }

  #remove(key: string): void {
    this.#makeRoom(key.length);
    const [schema, name] = JSON.parse(key) as Name; // a key of ours: see tableKey
    this.#removed.push([schema, name]);
  }

  #makeRoom(characters: number): void {
    if (this.#size > 0 && this.#size + characters > PAGE_CHARACTERS) {
      this.#options.send({ ...this.#page(), last: false });
      [this.#tables, this.#estimates, this.#removed, this.#size] = [[], [], [], 0];
    }
    this.#size += characters;
  }

  #page(): Omit<PageMessage, 'last'> {
    const page = { ...this.#head, tables: this.#tables };
    if (this.#before === undefined || this.#options.base === undefined) return page;
    return {
      ...page,
      base: this.#options.base,
      ...(this.#estimates.length === 0 ? {} : { estimates: this.#estimates }),
      ...(this.#removed.length === 0 ? {} : { removed: this.#removed }),
    };
  }
}

function tooLarge(): CustardError {
  return new CustardError('RESULT_TOO_LARGE', `The database's schema is larger than ${MAX_SCHEMA_BYTES / MIB} MiB.`, {
    hint: "Describe less of it: SCHEMA_NAME=sales or TABLE_FILTER='sales.*, !*.tmp_*' in the agent's environment, or a role that sees fewer tables.",
  });
}
