import type { StatementEvent } from '#core/protocol/api.ts';
import type { Column } from '#core/values.ts';
import type { NamedEvent } from '../api/query-stream.ts';

type EventOf<T extends NamedEvent['type']> = Extract<NamedEvent, { type: T }>;

/** All of a query's result but the rows. */
export interface QueryOutcome {
  readonly start: EventOf<'start'> | null;
  readonly statement: StatementEvent | null;
  readonly columns: readonly Column[];
  readonly answer: string | null;
  readonly done: EventOf<'done'>;
}

/** Writes one query's result in one format, while it comes. */
export interface ResultWriter {
  event(event: NamedEvent, line: Buffer): Promise<void>;
  /** Whole row lines. */
  rows(lines: Buffer): Promise<void>;
  finish(outcome: QueryOutcome): Promise<void>;
  /** What was not shown, one sentence each; asked for after `finish`. */
  omissions(): readonly string[];
}
