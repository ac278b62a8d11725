import { connect } from '../postgres/connect.ts';
import type { Session } from '../postgres/session.ts';
import { queryText } from '../postgres/text-query.ts';
import type { PostgresSettings } from '../settings.ts';
import type { TextRow } from '../text-row.ts';

const never = new AbortController().signal;

/** One session, opened again when it is lost, whose statements meet the read-only transaction and nothing before it. */
export class ReadOnlySession implements AsyncDisposable {
  readonly #settings: PostgresSettings;
  #session: Session | undefined;

  constructor(settings: PostgresSettings) {
    this.#settings = settings;
  }

  async run(statement: string, timeoutMs = 5_000): Promise<TextRow[]> {
    if (!this.#session?.usable) this.#session = await connect(this.#settings, never);
    return await queryText(this.#session, { statement, timeoutMs, signal: never });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#session?.destroy();
  }
}
