import type { Explanation } from '#core/explanation.ts';
import type { Posture } from '#core/posture.ts';
import type { FoundValue } from '#core/protocol/messages.ts';
import type { SchemaTable } from '#core/schema.ts';
import type {
  Connector,
  DescribeOptions,
  ExplainOptions,
  FindOptions,
  RelationsOptions,
  RowSink,
  RunEnd,
  RunOptions,
  SchemaPage,
} from '../connector.ts';
import type { MongodbSettings } from '../settings.ts';
import type { Transport } from '../transport.ts';
import { Client } from './client.ts';
import { describeDatabase, versionOf } from './describe.ts';
import { explainStatement } from './explain.ts';
import { findValues } from './find-values.ts';
import { assessUser } from './posture/posture.ts';
import { findRelations } from './relations.ts';
import { runStatement } from './statement-run.ts';
import { transportOf } from './transport.ts';

type WithSignal = { readonly signal: AbortSignal };

/** Which fields hold text is looked up anew after so long; until that is done, what was known before will do. */
const SCHEMA_MS = 5 * 60_000;

export async function openMongodb(settings: MongodbSettings): Promise<Connector> {
  return new MongodbConnector(await Client.open(settings));
}

class MongodbConnector implements Connector {
  readonly dialect = 'mongodb';
  readonly #client: Client;
  #known: { readonly tables: readonly SchemaTable[]; readonly until: number } | undefined;
  #describing: Promise<readonly SchemaTable[]> | undefined;

  constructor(client: Client) {
    this.#client = client;
  }

  async ping({ signal }: WithSignal): Promise<{ readonly version: string }> {
    return { version: await versionOf(this.#client, signal) };
  }

  async describe({ signal }: DescribeOptions, onPage: (page: SchemaPage) => void): Promise<void> {
    const tables: SchemaTable[] = [];
    await describeDatabase(this.#client, signal, (page) => {
      tables.push(...page.tables);
      onPage(page);
    });
    this.#known = { tables, until: performance.now() + SCHEMA_MS };
  }

  async run(options: RunOptions, sink: RowSink): Promise<RunEnd> {
    return await runStatement(this.#client, options, sink);
  }

  async findValues(options: FindOptions): Promise<FoundValue[]> {
    return await findValues(this.#client, options, () => this.#knownTables());
  }

  /** Of those that are being found out, several may wait, and none need to: the next look-up has them then. */
  async #knownTables(): Promise<readonly SchemaTable[]> {
    const known = this.#known;
    if (known !== undefined && performance.now() < known.until) return known.tables;
    this.#describing ??= this.#look().finally(() => {
      this.#describing = undefined;
    });
    if (known === undefined) return await this.#describing;
    this.#describing.catch(() => undefined);
    return known.tables;
  }

  async #look(): Promise<readonly SchemaTable[]> {
    await this.describe({ signal: new AbortController().signal }, () => undefined);
    return this.#known?.tables ?? [];
  }

  async relations(options: RelationsOptions): ReturnType<Connector['relations']> {
    return await findRelations(this.#client, options);
  }

  async posture({ signal }: WithSignal): Promise<Posture> {
    return await assessUser(this.#client, signal);
  }

  async explain(options: ExplainOptions): Promise<Explanation> {
    return await explainStatement(this.#client, options);
  }

  async transport(): Promise<Transport> {
    return transportOf(this.#client.settings);
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}
