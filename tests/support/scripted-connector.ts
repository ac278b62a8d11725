import type { Connector, RowSink, RunEnd, RunOptions } from '#agent/connectors/connector.ts';
import { ROW_PREFIX, ROW_SUFFIX } from '#core/protocol/frames.ts';

/** A connector whose `run` is the test's own; for what happens between the programs, not in a database. */
export function scriptedConnector(run: (options: RunOptions, sink: RowSink) => Promise<RunEnd>): Connector {
  return {
    dialect: 'postgres',
    ping: async () => ({ version: 'scripted' }),
    describe: async (_, onPage) => onPage({ version: 'scripted', defaultSchemas: ['public'], tables: [] }),
    run,
    findValues: async ({ texts }) =>
      texts.map((text) => ({ text, schema: 'public', table: 't', column: 'c', value: text })),
    relations: async () => [],
    posture: async () => ({ grade: 'good', findings: [], leastPrivilege: '' }),
    close: async () => undefined,
  };
}

/** The line of one row, as connectors write it. */
export function rowLine(...cells: readonly (string | number | null)[]): Buffer {
  return Buffer.from(`${ROW_PREFIX}${cells.map((cell) => JSON.stringify(cell)).join(',')}${ROW_SUFFIX}`);
}
