import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { ENDLESS, type MeasuredEngine, numbered, STATEMENT } from './engines/engine.ts';
import { openDuckdb, openSqlite } from './engines/files.ts';
import { openMariadb } from './engines/mariadb.ts';
import { openPostgres } from './engines/postgres.ts';
import type { Figure } from './figures.ts';
import { familyMemory } from './memory.ts';
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
  const ours = sqlCommand(STATEMENT, rows);
  const driver = script('engines/driver-reader.ts', engine.url);
  for (let i = 0; i < 3; i++) await run(sqlCommand('SELECT 1', 1), stack.clientEnv);
  const idle = familyMemory(stack.agent.pid);
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
  return [
    {
      section,
      name: 'custard sql, all of agent, control plane, CLI',
      value: times.ours / 1_000,
      unit: 's',
      target: null,
    },
    { section, name: "the engine's own driver, reading only", value: times.driver / 1_000, unit: 's', target: null },
    { section, name: 'ours ÷ driver', value: times.ours / times.driver, unit: 'times', target: { atMost: 2 } },
    {
      section,
      name: 'agent and its workers: memory over idle',
      value: (peak - idle) / MIB,
      unit: 'MiB',
      target: { atMost: 64 },
    },
    {
      section,
      name: 'cancelled, gone from the process list (median)',
      value: median(cancels),
      unit: 'ms',
      target: null,
    },
    {
      section,
      name: 'cancelled, gone from the process list (worst)',
      value: Math.max(...cancels),
      unit: 'ms',
      target: { atMost: 1_000 },
    },
    {
      section,
      name: `of ${AT_ONCE} statements at once, right answers`,
      value: await askManyAtOnce(stack),
      unit: 'count',
      target: { atLeast: AT_ONCE },
    },
  ];
}

function sqlCommand(statement: string, rows: number): Command {
  return custard('sql', statement, '-c', CONNECTION, '-o', 'ndjson', '--max-rows', String(rows), '--timeout', '10m');
}

async function watchPeak(pid: number, work: () => Promise<void>): Promise<number> {
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, familyMemory(pid));
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
