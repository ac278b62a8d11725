import { CustardCommand } from '../../command.ts';
import { serverFlags } from '../../flags/list-flags.ts';
import type { RunContext } from '../../run-context.ts';

export default class AuditVerify extends CustardCommand {
  static override summary = 'Check that nothing of the audit log was changed after it was written.';
  static override description =
    "Entries are chained by hashes. Keep the last one's hash elsewhere, and a log cut short shows too. Exit status 8 when the chain is broken.";
  static override examples = [
    '<%= config.bin %> audit verify',
    '<%= config.bin %> audit verify --json | jq -r .data.head.hash',
  ];
  static override flags = { ...serverFlags };

  async execute(context: RunContext): Promise<void> {
    const { flags } = await this.parse(AuditVerify);
    const { verifyAudit } = await import('../../services/audit.ts');
    await verifyAudit({ context, flags });
  }
}
