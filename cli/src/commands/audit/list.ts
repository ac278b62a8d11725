import { integer } from '@oclif/core/flags';
import { CustardCommand } from '../../command.ts';
import { listFlags, serverFlags } from '../../flags/list-flags.ts';
import type { RunContext } from '../../run-context.ts';

export default class AuditList extends CustardCommand {
  static override summary = 'List what was done in the organization, the newest first.';
  static override examples = [
    '<%= config.bin %> audit list',
    '<%= config.bin %> audit list --limit 1000 -o ndjson | jq -c \'select(.action == "token.created")\'',
  ];
  static override flags = {
    ...serverFlags,
    ...listFlags,
    limit: integer({ description: 'As many at most.', default: 50, min: 1, max: 100_000 }),
    before: integer({ description: 'Only entries older than that number.', min: 1, max: 999_999_999 }),
  };

  async execute(context: RunContext): Promise<void> {
    const { flags } = await this.parse(AuditList);
    const { listAudit } = await import('../../services/audit.ts');
    await listAudit({ context, flags, limit: flags.limit, before: flags.before ?? null });
  }
}
