import { resolveSettings, type Settings } from '../config/settings.ts';
import type { GlobalFlags } from '../flags/global-flags.ts';
import { chooseFormat, type Format } from '../output/formats.ts';
import { createNarrator, type Narrator } from '../output/narrator.ts';
import { type Sink, streamSink } from '../output/sink.ts';
import { type Style, styleFor } from '../output/style.ts';
import type { RunContext } from '../run-context.ts';

/** The flags a command may have beyond the global ones, as they were given. */
export interface SessionFlags extends GlobalFlags {
  readonly connection?: string | undefined;
  readonly db?: string | undefined;
  readonly file?: readonly string[] | undefined;
  readonly 'api-url'?: string | undefined;
  readonly format?: Format | undefined;
}

/** What every service starts from: settings, and the ways to tell something. */
export interface Session {
  readonly context: RunContext;
  readonly flags: SessionFlags;
  readonly settings: Settings;
  readonly format: Format;
  readonly narrator: Narrator;
  /** Standard output. */
  readonly sink: Sink;
  readonly style: Style;
}

export function createSession(
  context: RunContext,
  flags: SessionFlags & {
    readonly out?: string | undefined;
    readonly timeout?: string | undefined;
    readonly 'max-rows'?: string | undefined;
  },
): Session {
  const format = chooseFormat({ json: flags.json, format: flags.format, out: flags.out });
  const color = !flags['no-color'];
  return {
    context,
    flags,
    format,
    settings: resolveSettings({
      env: context.env,
      directory: context.directory,
      files: flags.file,
      flags: {
        db: flags.db,
        api_url: flags['api-url'],
        connection: flags.connection,
        timeout: flags.timeout,
        max_rows: flags['max-rows'],
      },
    }),
    narrator: createNarrator(context, { ...flags, json: format === 'json', color }),
    sink: streamSink(context.stdout, context.interruption.signal),
    style: styleFor(context.stdout, { color }),
  };
}
