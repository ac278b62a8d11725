import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Connector } from '../connector.ts';
import { parseDatabaseUrl } from '../database-url.ts';
import { openConnector } from '../registry.ts';
import { maskTables } from './contract/sql-statements.ts';
import type { Fixture, WideRow } from './engine.ts';
import type { MaskedValue } from './masked-values.ts';

type OwnedParts = Pick<Fixture, 'addMaskTables' | 'addWideRows' | 'maskedTexts'>;

/** What the owner of an SQL database makes for the masks. */
export function maskParts(execute: (sql: string) => Promise<void>, values: readonly MaskedValue[]): OwnedParts {
  const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
  return {
    maskedTexts: values.map(({ text }) => text),
    addMaskTables: () => execute(maskTables(values)),
    addWideRows: (rows: readonly WideRow[]) =>
      execute(
        `INSERT INTO "Wide One" VALUES ${rows
          .map(([id, masked, plain]) => `(${id}, ${literal(masked)}, ${literal(plain)})`)
          .join(', ')}`,
      ),
  };
}

/** In a process of its own, which may be killed; it is connected by then. */
export const runElsewhere =
  (url: string) =>
  async (statement: string, timeoutMs: number): Promise<ChildProcess> => {
    const program = fileURLToPath(new URL('./run-forever.ts', import.meta.url));
    const args = [program, url, statement, String(timeoutMs)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    return child;
  };

/** The connector of a URL with some of it changed. */
export const connectorOf = (url: string, change: (url: URL) => void) => async (): Promise<Connector> => {
  const changed = new URL(url);
  change(changed);
  return await openConnector(parseDatabaseUrl(changed.href));
};
