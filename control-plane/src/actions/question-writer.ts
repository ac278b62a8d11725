import { isCustardError } from '#core/errors.ts';
import type { RejectedDraft, SqlWriter, WriteTask } from '../answering/sql-writer.ts';
import type { Connection } from '../db/connection-repository.ts';
import type { StoredSchema } from '../db/schema-repository.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { SchemaStore } from '../schemas/schema-store.ts';
import type { QueryPart } from './query-part.ts';
import type { StepClock } from './step-clock.ts';
import { namingTheUnreadable } from './unreadable-tables.ts';
import { type CheckedStatement, type StatementChecker, writeStatement } from './write-statement.ts';

interface QuestionWriterOptions {
  readonly connection: Connection;
  readonly question: string;
  /** The asker's day, YYYY-MM-DD. */
  readonly today: string;
  readonly schemas: SchemaStore;
  readonly gateway: Gateway;
  readonly writer: () => Promise<SqlWriter>;
  readonly checker: StatementChecker;
  readonly steps: StepClock;
  readonly signal: AbortSignal;
}

/** A schema that does not fit is asked for anew when it is older than this. */
const DOUBTED_AGE_MS = 60_000;

/** Writes the statements for one question, the next one each time the one before did not work. */
export class QuestionWriter {
  readonly #options: QuestionWriterOptions;
  readonly #rejected: RejectedDraft[] = [];
  #maxAgeMs = Number.POSITIVE_INFINITY;

  constructor(options: QuestionWriterOptions) {
    this.#options = options;
  }

  get rejected(): readonly RejectedDraft[] {
    return this.#rejected;
  }

  /** `schemaDoubted`: the database does not know what the schema says it has. */
  reject(draft: RejectedDraft, { schemaDoubted }: { readonly schemaDoubted: boolean }): void {
    this.#rejected.push(draft);
    if (schemaDoubted) this.#maxAgeMs = DOUBTED_AGE_MS;
  }

  async *next(): AsyncGenerator<QueryPart, CheckedStatement> {
    const { steps } = this.#options;
    yield steps.start('schema');
    const stored = await this.#schema();
    yield steps.end('schema');
    yield steps.start('write');
    const statement = await this.#write(stored);
    yield steps.end('write');
    return statement;
  }

  #schema(): Promise<StoredSchema> {
    const { schemas, connection, signal } = this.#options;
    return schemas.get(connection, { signal, maxAgeMs: this.#maxAgeMs });
  }

  /** What cannot be placed may have been created since the schema was read. */
  async #write(stored: StoredSchema): Promise<CheckedStatement> {
    try {
      return await this.#writeWith(stored);
    } catch (error) {
      if (!isCustardError(error) || error.code !== 'UNSURE') throw error;
      this.#maxAgeMs = DOUBTED_AGE_MS;
      const fresh = await this.#schema();
      if (fresh.fingerprint === stored.fingerprint)
        throw namingTheUnreadable(error, this.#options.question, fresh.schema);
      return await this.#writeWith(fresh).catch((again: unknown) => {
        throw namingTheUnreadable(again, this.#options.question, fresh.schema);
      });
    }
  }

  async #writeWith({ schema }: StoredSchema): Promise<CheckedStatement> {
    const { question, today, signal, gateway, connection, writer, checker } = this.#options;
    const findValues: WriteTask['findValues'] = (texts) =>
      gateway.findValues({ connectionId: connection.id, texts, signal });
    return await writeStatement(
      await writer(),
      { question, schema, today, findValues, egress: gateway.egress(connection.id), signal },
      this.#rejected,
      checker,
    );
  }
}
