import { DRAIN_MS } from '#core/protocol/limits.ts';
import type { Environment } from '../config/directories.ts';
import type { GlobalFlags } from '../flags/global-flags.ts';
import type { RunContext } from '../run-context.ts';
import { createAgentLog } from './agent/agent-log.ts';
import { readSources } from './agent/agent-setup.ts';
import { runOneAgent } from './agent/run-one-agent.ts';
import { failureLine } from './agent/tell-event.ts';
import { checkAgents } from './check-agent.ts';

interface RunAgentOptions {
  readonly context: RunContext;
  readonly flags: GlobalFlags & { readonly 'log-format': string | undefined };
  /** On top of the environment, by the environment's names; secrets come from the environment only. */
  readonly overrides: Environment;
  /** A file with several connections, instead of the environment's one. */
  readonly file: string | undefined;
  /** Only find out whether the settings are complete, the database answers and its role is a good one. */
  readonly checkOnly: boolean;
  readonly version: string;
}

/** Time to close what is open once running queries have ended. */
const CLOSE_MS = 5_000;

/** Runs agents until they are told to stop, then lets running queries finish. Tells their state line by line. */
export async function runAgent(options: RunAgentOptions): Promise<void> {
  const { context, flags, overrides, file, checkOnly, version } = options;
  const { interruption, env } = context;
  const sources = await readSources({ env, overrides, file, directory: context.directory });
  if (checkOnly) return await checkAgents({ context, flags, sources, isOne: file === undefined });
  const logOf = createAgentLog(context, { ...flags, format: flags['log-format'] });
  interruption.allowCleanUp(DRAIN_MS + CLOSE_MS);
  const { signal } = interruption;
  const running = sources.map((source) => runOneAgent({ source, log: logOf(source.name), signal, version }));
  if (file === undefined) {
    await Promise.all(running);
    return interruption.drained();
  }
  // One that fails leaves the others running; its line says so, and so does the connection's status.
  const told = running.map((one, index) =>
    one.catch((error: unknown) => {
      if (!signal.aborted) logOf(sources[index]?.name ?? null)(failureLine(error));
      throw error;
    }),
  );
  const outcomes = await Promise.allSettled(told);
  const failures = outcomes.filter((outcome) => outcome.status === 'rejected');
  if (failures.length === outcomes.length && failures[0] !== undefined) throw failures[0].reason;
  interruption.drained();
}
