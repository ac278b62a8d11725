import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Row } from '#core/values.ts';
import type { Connector } from '../../../connector.ts';
import type { LoadedTable } from '../../../file/worker-protocol.ts';
import { collect } from '../../../testing/collect.ts';
import { wholeSchema } from '../../../whole-schema.ts';
import { openDataFiles } from '../../duckdb.ts';
import { toDataFiles } from '../data-file.ts';

export interface OpenedBench {
  readonly connector: Connector;
  readonly tables: readonly LoadedTable[];
  rows(statement: string, limits?: { readonly timeoutMs: number }): Promise<readonly Row[]>;
  /** "name TYPE" of each column of the first table. */
  columns(): Promise<readonly string[]>;
}

/** A folder for files of data, and connectors on them. */
export class FileBench implements AsyncDisposable {
  readonly folder: string;
  readonly #opened: Connector[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<FileBench> {
    return new FileBench(await mkdtemp(join(tmpdir(), 'custard-data-')));
  }

  async write(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, content);
    return path;
  }

  async open(...names: string[]): Promise<OpenedBench> {
    const files = toDataFiles(names.map((label) => ({ path: join(this.folder, label), label })));
    const { connector, tables } = await openDataFiles({ dialect: 'duckdb', files });
    this.#opened.push(connector);
    return {
      connector,
      tables,
      rows: async (statement, limits = { timeoutMs: 20_000 }) => (await collect(connector, statement, { limits })).data,
      columns: async () => {
        const [table] = (await wholeSchema(connector, { signal: AbortSignal.timeout(20_000) })).tables;
        return (table?.columns ?? []).map(({ name, type }) => `${name} ${type}`);
      },
    };
  }

  /** A file of that content, alone. */
  async openOne(name: string, content: string | Uint8Array): Promise<OpenedBench> {
    await this.write(name, content);
    return await this.open(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#opened.map((connector) => connector.close()));
    await rm(this.folder, { recursive: true });
  }
}
