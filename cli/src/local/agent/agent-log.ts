import { z } from 'zod';
import { CustardError } from '#core/errors.ts';
import type { GlobalFlags } from '../../flags/global-flags.ts';
import { safeJson, safeLines } from '../../output/safe.ts';
import type { RunContext } from '../../run-context.ts';

const LEVELS = ['debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
/** The control plane's names; of those the agent has no use for, the nearest. */
const Level = z.preprocess((value) => (value === 'trace' ? 'debug' : value), z.enum(LEVELS));
type LogLevel = z.infer<typeof Level>;

const Settings = z.object({
  LOG_LEVEL: Level.optional(),
  LOG_FORMAT: z.enum(['text', 'json']).optional(),
});

export interface LogLine {
  readonly level: Exclude<LogLevel, 'fatal' | 'silent'>;
  /** Stable, for programs: connected, statement, … */
  readonly state: string;
  /** For people. */
  readonly text: string;
  /** For programs: numbers, codes and names, nothing that a statement or a row holds. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** What one agent tells while it runs. */
export type AgentLog = (line: LogLine) => void;

/**
 * A log, not progress: told off a terminal too. Lines of text on standard error or, where JSON is asked for, one
 * object per line on standard output.
 * @param name of the connection, where there are several
 */
export function createAgentLog(
  { stderr, stdout, env }: RunContext,
  { json, quiet, format }: Pick<GlobalFlags, 'json' | 'quiet'> & { readonly format: string | undefined },
): (name: string | null) => AgentLog {
  const settings = readSettings(env);
  const asJson = json || (format ?? settings.LOG_FORMAT) === 'json';
  const least = LEVELS.indexOf(settings.LOG_LEVEL ?? (quiet ? 'warn' : 'info'));
  return (name) =>
    ({ level, state, text, fields = {} }) => {
      if (LEVELS.indexOf(level) < least) return;
      const time = new Date().toISOString();
      const connection = name === null ? {} : { connection: name };
      if (asJson) {
        const line = { schema: 'custard.agent-state/1', time, level, ...connection, state, text, ...fields };
        stdout.write(`${safeJson(JSON.stringify(line))}\n`);
      } else {
        stderr.write(`${time} ${name === null ? '' : `${name}: `}${safeLines(text)}\n`);
      }
    };
}

function readSettings(env: RunContext['env']): z.infer<typeof Settings> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Settings.safeParse(given);
  if (parsed.success) return parsed.data;
  const names = [...new Set(parsed.error.issues.map(({ path }) => String(path[0])))];
  throw new CustardError('CONFIG_INVALID', `The agent's environment is not right: ${names.join(', ')}.`, {
    hint: 'LOG_LEVEL is one of trace, debug, info, warn, error, fatal, silent; LOG_FORMAT is text or json.',
  });
}
