import { parseEnvironment } from '#control-plane/env.ts';
import { runServer as runControlPlane } from '#control-plane/main.ts';
import { DRAIN_MS } from '#core/protocol/limits.ts';
import type { Environment } from '../config/directories.ts';
import type { GlobalFlags } from '../flags/global-flags.ts';
import { envelope } from '../output/envelope.ts';
import type { RunContext } from '../run-context.ts';

interface RunServerOptions {
  readonly context: RunContext;
  readonly flags: GlobalFlags;
  /** On top of the environment, by the environment's names. */
  readonly overrides: Environment;
  /** Only find out whether the settings are right. */
  readonly checkOnly: boolean;
}

/** Time to close what is open once running queries have ended. */
const CLOSE_MS = 10_000;

/** Runs the control plane until it is told to stop, then lets running queries finish. Prints its address. */
export async function runServer({ context, flags, overrides, checkOnly }: RunServerOptions): Promise<void> {
  const { interruption, stdout, stderr } = context;
  const given = Object.entries(overrides).filter(([, value]) => value !== undefined);
  const quiet = flags.quiet && !context.env['LOG_LEVEL'] ? { LOG_LEVEL: 'warn' } : {};
  const env = { ...context.env, ...quiet, ...Object.fromEntries(given) };
  if (checkOnly) {
    parseEnvironment(env);
    if (flags.json) stdout.write(envelope({ schema: 'custard.server-check/1', data: { ok: true } }));
    else stderr.write('The settings are right.\n');
    return;
  }
  interruption.allowCleanUp(DRAIN_MS + CLOSE_MS);
  const server = await runControlPlane({ env, version: context.version });
  try {
    stdout.write(flags.json ? envelope({ schema: 'custard.server/1', data: { url: server.url } }) : `${server.url}\n`);
    await aborted(interruption.signal);
  } finally {
    await server.close();
  }
  interruption.drained();
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
