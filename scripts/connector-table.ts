/** The table of the contract suite, engine by case, as docs/connectors.md has it. --write puts it there. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { contractTable } from '#agent/connectors/testing/contract/contract-table.ts';
import { TABLE_COLUMNS } from '#agent/connectors/testing/engines.ts';

const docs = fileURLToPath(new URL('../docs/connectors.md', import.meta.url));
const BEGIN = '<!-- the table: node scripts/connector-table.ts --write -->\n';
const END = '<!-- end of the table -->';

const table = contractTable(TABLE_COLUMNS);
if (process.argv.includes('--write')) {
  const text = readFileSync(docs, 'utf8');
  const [before = '', rest = ''] = text.split(BEGIN);
  writeFileSync(docs, `${before}${BEGIN}\n${table}\n${END}${rest.split(END)[1] ?? '\n'}`);
} else {
  process.stdout.write(table);
}
