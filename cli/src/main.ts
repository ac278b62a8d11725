import { Config } from '@oclif/core/config';
import { dispatch } from './dispatch.ts';
import { processSurroundings } from './run-context.ts';

interface MainOptions {
  /** The package's own folder. */
  readonly root: string;
  readonly argv?: readonly string[];
  /** Where the commands are, when not where package.json says: the sources. */
  readonly commands?: string;
}

/** The only place that ends the process. */
export async function main({ root, argv = process.argv.slice(2), commands }: MainOptions): Promise<void> {
  const surroundings = processSurroundings();
  const { interruption } = surroundings;
  interruption.watch(process);
  // Loaded when something fails: most of what it needs, help never does
  const fail = async (error: unknown): Promise<number> =>
    (await import('./failure.ts')).reportFailure(error, { surroundings, argv });
  process.once('uncaughtException', async (error) => process.exit(await fail(error)));

  let status = 0;
  try {
    await dispatch({ argv, surroundings, config: await loadConfig(root, commands) });
    await flushed(process.stdout, interruption.signal);
    // Output that could not be written; a signal that came so late changes nothing but the status
    if (interruption.cause === null) interruption.signal.throwIfAborted();
  } catch (error) {
    status = await fail(error);
    await flushed(process.stdout, interruption.signal);
  }
  process.exit(interruption.exitStatus ?? status);
}

async function loadConfig(root: string, commands: string | undefined): Promise<Config> {
  // Else oclif asks the system for the user's shell, and throws where the system knows no such user: a container's.
  process.env['SHELL'] ??= '';
  if (commands === undefined) return Config.load({ root });
  const config = await Config.load({ root });
  return Config.load({
    root,
    ignoreManifest: true,
    pjson: { ...config.pjson, oclif: { ...config.pjson.oclif, commands: { strategy: 'pattern', target: commands } } },
  });
}

/** Nothing is waited for when the reader is gone or the user wants to be. */
async function flushed(stream: NodeJS.WriteStream, signal: AbortSignal): Promise<void> {
  if (signal.aborted || stream.destroyed) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    stream.write('', () => resolve());
  });
}
