import { ERRORS } from '#core/errors.ts';
import { DEFAULT_TIMEOUT_MS } from '#core/protocol/limits.ts';
import { parseDuration, parseRowCount } from '../config/parse-values.ts';
import { Exit } from '../exit.ts';
import { createWriter } from '../output/create-writer.ts';
import { DEFAULT_ROWS } from '../output/formats.ts';
import { fileSink, type Sink } from '../output/sink.ts';
import type { RunContext } from '../run-context.ts';
import { openApi } from './open-api.ts';
import { runQuery, tellOutcome } from './run-query.ts';
import { createSession, type Session, type SessionFlags } from './session.ts';
import { tellReading } from './tell-reading.ts';

/** The flags that `ask` and `sql` share, as they were given. */
export interface QueryFlags extends SessionFlags {
  readonly out?: string | undefined;
  readonly raw: boolean;
  readonly 'max-rows'?: string | undefined;
  readonly timeout?: string | undefined;
  readonly 'fail-on-empty': boolean;
}

interface QueryCommandOptions {
  readonly context: RunContext;
  readonly flags: QueryFlags;
  readonly query: { readonly question: string; readonly follow_up?: string } | { readonly sql: string };
  readonly mode: QueryMode;
  /** Tell how the question was read. */
  readonly explain?: boolean;
}

/** Whether it is run, and if not, what is printed: the plan, or the statement alone. */
type QueryMode = 'run' | 'plan' | 'sql only';

/** One question or statement, from flags to printed result; the plan or the statement is the result of a dry run. */
export async function queryCommand({
  context,
  flags,
  query,
  mode,
  explain = false,
}: QueryCommandOptions): Promise<void> {
  const session = createSession(context, flags);
  const { settings, format, narrator, style } = session;
  const timeoutMs = settings.timeout === null ? DEFAULT_TIMEOUT_MS : parseDuration(settings.timeout, '--timeout');
  const limit = settings.maxRows === null ? DEFAULT_ROWS[format] : parseRowCount(settings.maxRows, '--max-rows');
  const sink = flags.out === undefined ? session.sink : await fileSink(flags.out);
  try {
    await using opened = await openApi(session);
    const writer = createWriter(format, {
      ...{ sink, style: flags.out === undefined ? style : plain, raw: flags.raw },
      isPlan: mode === 'plan',
    });
    const request = {
      ...query,
      connection_id: await opened.connectionId(),
      max_rows: limit,
      timeout_ms: timeoutMs,
      today: localDay(new Date()),
      ...(mode === 'run' ? {} : { dry_run: true }),
    };
    const outcome = await runQuery({ api: opened.api, request, writer, narrator, notes: opened.notes });
    await sink.close();
    if (explain) tellReading(outcome, narrator);
    tellOutcome(outcome, { narrator, notes: opened.notes, omissions: writer.omissions(), limit });
    if (flags['fail-on-empty'] && mode === 'run' && outcome.done.row_count === 0) {
      narrator.warn('There are no rows.');
      throw new Exit(ERRORS.EMPTY_RESULT.exit);
    }
  } catch (error) {
    await abandon(session, sink);
    throw error;
  }
}

const plain = (_: string, text: string): string => text;

async function abandon({ narrator }: Session, sink: Sink): Promise<void> {
  narrator.clear();
  // The failure that led here is the one to tell
  await sink.discard().catch(() => undefined);
}

/** The day where the asker is, YYYY-MM-DD: "last month" is counted from it. */
export function localDay(date: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
