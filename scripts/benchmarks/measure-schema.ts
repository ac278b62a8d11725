import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SchemaRefresh } from '#core/protocol/api.ts';
import type { Figure } from './figures.ts';
import { CATALOG_ENGINES, type CatalogPlace, type CatalogSize } from './large-catalogs.ts';
import { childrenOf, type Memory, readMemory } from './memory.ts';
import { custard, run } from './programs.ts';
import { CONNECTION, callApi, isConnected, type Server, startAgent, startServer } from './stack.ts';
import { median } from './statistics.ts';

const MIB = 2 ** 20;
const ROUNDS = 5;
const TARGETS = { seconds: 10, growth: 150 };

interface SchemaOptions extends CatalogSize {
  readonly postgresUrl: string;
  readonly mariadbUrl: string;
  /** Names of engines, in lower case; all without it. */
  readonly engines: ReadonlySet<string> | null;
}

/** Reads the schema of a database with very many tables, through programs of their own. */
export async function measureSchema(options: SchemaOptions): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'custard-bench-catalog-'));
  const place = { ...options, folder };
  const figures: Figure[] = [];
  try {
    for (const engine of CATALOG_ENGINES) {
      if (options.engines !== null && !options.engines.has(engine.name.toLowerCase())) continue;
      figures.push(...(await measureEngine(engine, options, place)));
    }
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureEngine(
  { name, dbType, create }: (typeof CATALOG_ENGINES)[number],
  size: CatalogSize,
  place: CatalogPlace,
): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await create(size, place));
  const server = await startServer(stack, dbType);
  const section = `Schema of ${size.tables} tables × ${size.columns} columns, ${name}`;
  const figure = (what: string, value: number, unit: Figure['unit'], atMost: number | null = null): Figure => {
    return { section, name: what, value, unit, target: atMost === null ? null : { atMost } };
  };
  const idle = memoryOf(server.controlPlane.pid).now;
  await readOnce(server, url);
  // A second agent knows nothing of what the first has sent, and is asked for nothing while what is cached is fresh.
  await using agent = startAgent(server, url);
  await agent.until('its connection', () => connected(server, { withSchema: false }));
  const agentIdle = memoryOf(agent.pid).now;
  const [read, { table_count: count }] = await timed(() => refresh(server));
  if (count !== size.tables) throw new Error(`${name} has ${count} tables.`);
  const growths = [memoryOf(server.controlPlane.pid).peak - idle, memoryOf(agent.pid).peak - agentIdle] as const;
  const worker = peakOfWorkers(agent.pid);
  const again = await repeat(() => refresh(server));
  const [first] = await timed(() => ask(server, QUESTION));
  return [
    figure('refresh, all of it sent', read / 1_000, 's', TARGETS.seconds),
    figure('growth of the control plane', growths[0] / MIB, 'MiB', TARGETS.growth),
    figure('growth of the agent', growths[1] / MIB, 'MiB', TARGETS.growth),
    ...(worker === 0 ? [] : [figure('all of the process in which the engine has the file open', worker / MIB, 'MiB')]),
    figure('refresh, nothing changed', again / 1_000, 's'),
    figure('first question after it', first, 'ms'),
    figure('further questions', await repeat(() => ask(server, QUESTION)), 'ms'),
    figure('a statement', await repeat(() => ask(server, { sql: 'SELECT 1' })), 'ms'),
    figure('custard schema list --json', await list(server), 'ms'),
  ];
}

const QUESTION = { question: 'how many measured 00042 are there?' };

async function readOnce(server: Server, url: string): Promise<void> {
  await using agent = startAgent(server, url);
  await agent.until('its schema', () => connected(server, { withSchema: true }));
}

const connected = async (server: Server, what: { readonly withSchema: boolean }): Promise<true | null> =>
  (await isConnected(server, what)) ? true : null;

async function refresh(server: Server): Promise<SchemaRefresh> {
  const path = `/connections/${server.connection.id}/refresh-schema`;
  return SchemaRefresh.parse(await callApi(server, path, {}));
}

/** What the planner is not sure of has been looked at all the same. */
async function ask({ apiUrl, token, connection }: Server, body: object): Promise<void> {
  const response = await fetch(new URL('/api/v1/query', apiUrl), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ connection_id: connection.id, ...body }),
  });
  const text = await response.text();
  if (!response.ok && response.status !== 422) throw new Error(text);
}

async function list({ clientEnv }: Server): Promise<number> {
  return await repeat(() => run(custard('schema', 'list', '-c', CONNECTION, '--json'), clientEnv));
}

async function timed<T>(once: () => Promise<T>): Promise<[milliseconds: number, result: T]> {
  const started = performance.now();
  const result = await once();
  return [performance.now() - started, result];
}

async function repeat(once: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push((await timed(once))[0]);
  return median(times);
}

function memoryOf(pid: number): Memory {
  const own = readMemory(pid);
  if (own === null) throw new Error('A program has ended.');
  return own;
}

/** Files are read in processes of their own; what DuckDB takes to open one with so many tables is by far the most of it. */
function peakOfWorkers(pid: number): number {
  return childrenOf(pid).reduce((sum, child) => sum + memoryOf(child).peak, 0);
}
