import type { Config } from '@oclif/core/config';
import { CommandHelp, Help } from '@oclif/core/help';
import type { HelpOptions } from '@oclif/core/interfaces';

/**
 * Fills in the templates that help texts have. oclif compiles every piece of text with EJS, each of
 * them several times over: more than half of what `--help` took.
 */
function filledIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.includes('<%') ? text.replace(/<%= *([\w.]+) *%>/g, (found, name) => values[name] ?? found) : text;
}

class CustardCommandHelp extends CommandHelp {
  override render = (text: string): string =>
    filledIn(text, { 'config.bin': this.config.bin, 'command.id': this.command.id });
}

export class CustardHelp extends Help {
  protected override CommandHelpClass = CustardCommandHelp;

  constructor(config: Config, options?: Partial<HelpOptions>) {
    super(config, options);
    this.render = (text) => filledIn(text, { 'config.bin': config.bin });
  }
}
