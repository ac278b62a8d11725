import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { ENDLESS, type MeasuredEngine, numbered, STATEMENT } from './engines/engine.ts';
import { openDuckdb, openSqlite } from './engines/files.ts';
import { openMariadb } from './engines/mariadb.ts';
import { openPostgres } from './engines/postgres.ts';
import type { Figure } from './figures.ts';
import { childrenOf, readMemory } from './memory.ts';
import { type Command, custard, hashRows, run, script } from './programs.ts';
import { CONNECTION, type Stack, startStack } from './stack.ts';
import { alternate, median } from './statistics.ts';

interface Options {
  readonly postgresUrl: string;
  readonly mariadbUrl: string;
  /** Names of engines, in lower case; all without it. */
  readonly engines: ReadonlySet<string> | null;
  readonly rows: number;
}

const ROUNDS = 3;
const CANCELS = 5;
const AT_ONCE = 200;
const MIB = 2 ** 20;
const MEMORY_EVERY_MS = 25;
const GONE_EVERY_MS = 5;
const GIVE_UP_MS = 30_000;

/** The same figures for each engine that is real here, one engine after the other. */
export async function measureEngines({ postgresUrl, mariadbUrl, rows, engines }: Options): Promise<Figure[]> {
  const openers = {
    postgresql: () => openPostgres(postgresUrl, rows),
    mariadb: () => openMariadb(mariadbUrl, rows),
    sqlite: () => openSqlite(rows),
    duckdb: () => openDuckdb(rows),
  };
  const figures: Figure[] = [];
  for (const [name, open] of Object.entries(openers)) {
    if (engines !== null && !engines.has(name)) continue;
    await using engine = await open();
    await using stack = await startStack(engine.url, engine.dbType);
    figures.push(...(await measureEngine(engine, stack, rows)));
  }
  return figures;
}

async function measureEngine(engine: MeasuredEngine, stack: Stack, rows: number): Promise<Figure[]> {
  const section = `${engine.name}: ${rows.toLocaleString('en')} rows, cancelling, ${AT_ONCE} at once`;
  const figure = (name: string, value: number, unit: Figure['unit'], target: Figure['target'] = null): Figure => {
    return { section, name, value, unit, target };
  };
  const ours = sqlCommand(STATEMENT, rows);
  const driver = script('engines/driver-reader.ts', engine.url);
  for (let i = 0; i < 3; i++) await run(sqlCommand('SELECT 1', 1), stack.clientEnv);
  const idle = memoryOf(stack.agent.pid);
  const { rows: came } = await hashRows(ours, stack.clientEnv);
  if (came !== rows) throw new Error(`${engine.name}: ${came} rows came of ${rows}.`);
  const peak = await watchPeak(stack.agent.pid, async () => void (await run(ours, stack.clientEnv)));
  const times = await alternate(
    {
      ours: async () => (await run(ours, stack.clientEnv)).elapsedMs,
      driver: async () => (await run(driver)).elapsedMs,
    },
    ROUNDS,
  );
  const cancels: number[] = [];
  for (let i = 0; i < CANCELS; i++) cancels.push(await timeCancel(engine, stack));
  const { agent, workers } = { agent: peak.agent - idle.agent, workers: peak.workers - idle.workers };
  return [
    figure('custard sql, all of agent, control plane, CLI', times.ours / 1_000, 's'),
    figure("the engine's own driver, reading only", times.driver / 1_000, 's'),
    figure('ours ÷ driver', times.ours / times.driver, 'times', { atMost: 2 }),
    figure('agent: memory over idle', agent / MIB, 'MiB', { atMost: 64 }),
    // Nearly all of it is what the engine itself keeps of a file that it reads.
    ...(peak.workers === 0 ? [] : [figure('process with the file: memory over idle', workers / MIB, 'MiB')]),
    figure('cancelled, gone from the process list (median)', median(cancels), 'ms'),
    figure('cancelled, gone from the process list (worst)', Math.max(...cancels), 'ms', { atMost: 1_000 }),
    figure(`of ${AT_ONCE} at once, right answers`, await askManyAtOnce(stack), 'count', { atLeast: AT_ONCE }),
  ];
}

function sqlCommand(statement: string, rows: number): Command {
  return custard('sql', statement, '-c', CONNECTION, '-o', 'ndjson', '--max-rows', String(rows), '--timeout', '10m');
}

interface AgentMemory {
  readonly agent: number;
  /** Of the processes that have a file open; 0 for engines with a server. */
  readonly workers: number;
}

function memoryOf(pid: number): AgentMemory {
  const own = (process: number): number => readMemory(process)?.now ?? 0;
  return { agent: own(pid), workers: childrenOf(pid).reduce((sum, child) => sum + own(child), 0) };
}

async function watchPeak(pid: number, work: () => Promise<void>): Promise<AgentMemory> {
  let peak: AgentMemory = { agent: 0, workers: 0 };
  const timer = setInterval(() => {
    const now = memoryOf(pid);
    peak = { agent: Math.max(peak.agent, now.agent), workers: Math.max(peak.workers, now.workers) };
  }, MEMORY_EVERY_MS);
  await work().finally(() => clearInterval(timer));
  return peak;
}

/** From the client's hanging up to the moment the engine runs nothing any more; milliseconds. */
async function timeCancel(engine: MeasuredEngine, stack: Stack): Promise<number> {
  const abort = new AbortController();
  const asking = ask(stack, ENDLESS, abort.signal).catch((error: unknown) => error);
  const early = asking.then((answer) => {
    throw new Error(`${engine.name} ended what has no end: ${answer}`);
  });
  early.catch(() => undefined); // it ends in any case once it is aborted
  await Promise.race([until(async () => (await engine.running()) > 0), early]);
  const started = performance.now();
  abort.abort();
  await until(async () => (await engine.running()) === 0);
  const elapsed = performance.now() - started;
  await asking;
  return elapsed;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + GIVE_UP_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('Waited in vain for a statement to begin or to end.');
    await delay(GONE_EVERY_MS);
  }
}

async function askManyAtOnce(stack: Stack): Promise<number> {
  const numbers = Array.from({ length: AT_ONCE }, (_, index) => index + 1);
  const answers = await Promise.all(numbers.map((number) => ask(stack, numbered(number))));
  return answers.filter((answer, index) => answer === index + 1).length;
}

const Answer = z.object({ data: z.tuple([z.tuple([z.coerce.number()])]) });

/** The one cell of the statement's result; null where there is none. */
async function ask({ apiUrl, token, connectionId }: Stack, sql: string, signal?: AbortSignal): Promise<number | null> {
  const response = await fetch(new URL('/api/v1/query', apiUrl), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ connection_id: connectionId, sql }),
    ...(signal === undefined ? {} : { signal }),
  });
  const answer = Answer.safeParse(await response.json());
  return answer.success ? answer.data.data[0][0] : null;
}
