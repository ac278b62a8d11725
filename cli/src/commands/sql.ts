import { string as textArgument } from '@oclif/core/args';
import { boolean, string } from '@oclif/core/flags';
import { CustardCommand } from '../command.ts';
import { queryFlags } from '../flags/query-flags.ts';
import type { RunContext } from '../run-context.ts';

export default class Sql extends CustardCommand {
  static override summary = 'Run one read-only SQL statement of your own.';
  static override description =
    `The same checks and the same way to the data as a question: one statement that only reads, or it is refused with exit status 5.
csv, tsv and ndjson bring all rows in bounded memory; the result counts as complete only after size and checksum were compared.

Exit status: 0 done (zero rows included), 1 the query failed, 2 usage or configuration, 3 unreachable (try again), 4 login needed, 5 forbidden or not read-only, 6 not found, 8 empty with --fail-on-empty, 70 a bug, 124 timeout, 130 Ctrl-C.`;
  static override examples = [
    '<%= config.bin %> sql -c shop "SELECT count(*) FROM orders"',
    '<%= config.bin %> sql --db sqlite:shop.db -f report.sql -o csv --out report.csv',
    '<%= config.bin %> sql --file orders.csv --file customers.json "SELECT * FROM orders JOIN customers USING (customer_id)"',
    'cat report.sql | <%= config.bin %> sql -c shop - -o ndjson',
  ];
  static override args = {
    statement: textArgument({ description: 'The statement, or - to read it from standard input.', ignoreStdin: true }),
  };
  static override flags = {
    ...queryFlags,
    'statement-file': string({ char: 'f', description: 'Read the statement from a file.', helpValue: 'FILE' }),
    'dry-run': boolean({ description: 'Check the statement, say what the engine expects of it, do not run it.' }),
  };

  async execute(context: RunContext): Promise<void> {
    const { args, flags } = await this.parse(Sql);
    const { sql } = await import('../services/sql.ts');
    await sql({ context, flags, statement: args.statement });
  }
}
