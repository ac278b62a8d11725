import { CustardCommand } from '../command.ts';
import { targetFlags } from '../flags/query-flags.ts';
import type { RunContext } from '../run-context.ts';

export default class Doctor extends CustardCommand {
  static override summary = 'Check everything a question needs, and say what to do about what is missing.';
  static override description =
    'Node, configuration, data folder, and either the server (reachable, token valid, agents there) or the database, what its role may do, and the model. Exit status 8 when a check fails.';
  static override examples = [
    '<%= config.bin %> doctor',
    '<%= config.bin %> doctor --db postgres://reader@localhost/shop',
    '<%= config.bin %> doctor --json',
  ];
  static override flags = { db: targetFlags.db, file: targetFlags.file, 'api-url': targetFlags['api-url'] };

  async execute(context: RunContext): Promise<void> {
    const { flags } = await this.parse(Doctor);
    const { doctor } = await import('../services/doctor.ts');
    await doctor({ context, flags });
  }
}
