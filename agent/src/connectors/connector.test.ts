import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contractTable } from './testing/contract/contract-table.ts';
import { describeConnector } from './testing/contract/describe-connector.ts';
import { ENGINES, moreEngines, TABLE_COLUMNS } from './testing/engines.ts';

for (const engine of [...ENGINES, ...moreEngines()]) describeConnector(engine);

describe('the table of the contract suite', () => {
  it('has one column for all versions of PostgreSQL, as nothing is absent from any', () => {
    for (const { name, absent } of moreEngines().filter(({ dialect }) => dialect === 'postgres')) {
      expect([name, absent]).toEqual([name, undefined]);
    }
  });

  it('is in docs/connectors.md as it is here: node scripts/connector-table.ts --write', async () => {
    const docs = await readFile(join(import.meta.dirname, '../../../docs/connectors.md'), 'utf8');
    expect(docs).toContain(contractTable(TABLE_COLUMNS));
  });
});
