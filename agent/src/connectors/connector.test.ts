import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contractTable } from './testing/contract/contract-table.ts';
import { describeConnector } from './testing/contract/describe-connector.ts';
import { ENGINES, realEngines } from './testing/engines.ts';

for (const engine of [...ENGINES, ...realEngines()]) describeConnector(engine);

describe('the table of the contract suite', () => {
  it('is in docs/connectors.md as it is here: node scripts/connector-table.ts --write', async () => {
    const docs = await readFile(join(import.meta.dirname, '../../../docs/connectors.md'), 'utf8');
    expect(docs).toContain(contractTable(ENGINES));
  });
});
