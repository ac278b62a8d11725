import { Command } from '@oclif/core/command';
import { globalFlags } from './flags/global-flags.ts';
import { processSurroundings, type RunContext } from './run-context.ts';

/** What all commands are: global flags, and a context instead of the process's globals. */
export abstract class CustardCommand extends Command {
  static override baseFlags = globalFlags;

  abstract execute(context: RunContext): Promise<void>;

  override run(): Promise<void> {
    return this.execute({ ...processSurroundings(), version: this.config.version });
  }
}
