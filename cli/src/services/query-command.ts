import { CustardError } from '#core/errors.ts';
import { DEFAULT_TIMEOUT_MS } from '#core/protocol/limits.ts';
import { parseDuration, parseRowCount } from '../config/parse-values.ts';
import { resolveSettings } from '../config/settings.ts';
import type { GlobalFlags } from '../flags/global-flags.ts';
import { createWriter } from '../output/create-writer.ts';
import { chooseFormat, DEFAULT_ROWS, type Format } from '../output/formats.ts';
import { createNarrator } from '../output/narrator.ts';
import { fileSink, type Sink, streamSink } from '../output/sink.ts';
import { styleFor } from '../output/style.ts';
import type { RunContext } from '../run-context.ts';
import { openApi } from './open-api.ts';
import { runQuery, tellOutcome } from './run-query.ts';

/** The flags that `ask` and `sql` share, as they were given. */
export interface QueryFlags extends GlobalFlags {
  readonly connection?: string | undefined;
  readonly db?: string | undefined;
  readonly 'api-url'?: string | undefined;
  readonly format?: Format | undefined;
  readonly out?: string | undefined;
  readonly raw: boolean;
  readonly 'max-rows'?: string | undefined;
  readonly timeout?: string | undefined;
  readonly 'fail-on-empty': boolean;
}

interface QueryCommandOptions {
  readonly context: RunContext;
  readonly flags: QueryFlags;
  readonly query: { readonly question: string } | { readonly sql: string };
  readonly dryRun: boolean;
}

/** One question or statement from flags to printed result; the statement itself is printed for a dry run. */
export async function queryCommand({ context, flags, query, dryRun }: QueryCommandOptions): Promise<void> {
  const format = chooseFormat({ json: flags.json, format: flags.format, out: flags.out });
  const settings = resolveSettings({
    env: context.env,
    directory: context.directory,
    flags: {
      db: flags.db,
      api_url: flags['api-url'],
      connection: flags.connection,
      timeout: flags.timeout,
      max_rows: flags['max-rows'],
    },
  });
  const timeoutMs = settings.timeout === null ? DEFAULT_TIMEOUT_MS : parseDuration(settings.timeout, '--timeout');
  const limit = settings.maxRows === null ? DEFAULT_ROWS[format] : parseRowCount(settings.maxRows, '--max-rows');
  const color = !flags['no-color'];
  const narrator = createNarrator(context, { ...flags, json: format === 'json', color });
  const sink =
    flags.out === undefined ? streamSink(context.stdout, context.interruption.signal) : await fileSink(flags.out);
  try {
    await using opened = await openApi({ settings, context, narrator });
    const style =
      flags.out === undefined ? styleFor(context.stdout, { color }) : styleFor(context.stdout, { color: false });
    const writer = createWriter(format, { sink, style, raw: flags.raw });
    const outcome = await runQuery({
      api: opened.api,
      narrator,
      writer,
      request: {
        ...query,
        connection_id: await opened.connectionId(),
        max_rows: limit,
        timeout_ms: timeoutMs,
        today: localDay(new Date()),
        ...(dryRun ? { dry_run: true } : {}),
      },
    });
    await sink.close();
    tellOutcome(outcome, { narrator, omissions: writer.omissions(), limit });
    if (flags['fail-on-empty'] && !dryRun && outcome.done.row_count === 0) throw emptyResult();
  } catch (error) {
    narrator.clear();
    await discard(sink);
    throw error;
  }
}

async function discard(sink: Sink): Promise<void> {
  // The failure that led here is the one to tell
  await sink.discard().catch(() => undefined);
}

function emptyResult(): CustardError {
  return new CustardError('EMPTY_RESULT', 'There are no rows, and --fail-on-empty was given.', {
    hint: 'Leave --fail-on-empty out if an empty result is fine.',
  });
}

/** The day where the asker is, YYYY-MM-DD: "last month" is counted from it. */
export function localDay(date: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
