import type { QueryLimits } from '../protocol/messages.ts';
import type { ConcurrencyLimits } from './policy.ts';
import { section } from './section.ts';
import { Bytes, Duration, RowCount, SessionCount, StatementCount, WaitingCount } from './units.ts';

const SHAPE = {
  rows: RowCount.optional(),
  bytes: Bytes.optional(),
  time: Duration.optional(),
  statements: StatementCount.optional(),
  waiting: WaitingCount.optional(),
  wait: Duration.optional(),
  sessions: SessionCount.optional(),
};

/** The words of a `limits:` section. */
export const LIMIT_NAMES = Object.keys(SHAPE);

/** A `limits:` section, of a policy or of an entry in the agents' file. */
export const LimitsDocument = section(SHAPE).transform(
  ({ rows, bytes, time, statements, waiting, wait, sessions }): Partial<QueryLimits & ConcurrencyLimits> =>
    given({ rows, bytes, timeoutMs: time, statements, waiting, waitMs: wait, sessions }),
);

/** Without what nobody has said. */
function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
