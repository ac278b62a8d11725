import { CustardCommand } from '../../command.ts';
import { schemaFlags } from '../../flags/list-flags.ts';
import type { RunContext } from '../../run-context.ts';

export default class SchemaList extends CustardCommand {
  static override summary = "List a database's tables and views.";
  static override examples = [
    '<%= config.bin %> schema list -c shop',
    '<%= config.bin %> schema list --db sqlite:shop.db',
    '<%= config.bin %> schema list --file sales.csv --file customers.parquet',
  ];
  static override flags = schemaFlags;

  async execute(context: RunContext): Promise<void> {
    const { flags } = await this.parse(SchemaList);
    const { listTables } = await import('../../services/schema.ts');
    await listTables({ context, flags });
  }
}
