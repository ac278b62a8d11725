import type { Figure } from './figures.ts';
import { readMemory, resetPeak } from './memory.ts';
import { type Command, custard, hashRows, type Run, run, type Service, script } from './programs.ts';
import { CONNECTION, type Stack } from './stack.ts';
import { alternate } from './statistics.ts';
import { createMeasuredTable, STATEMENT, TABLE } from './table.ts';

const ROUNDS = 5;
const WARM_UPS = 5;
const MIB = 2 ** 20;
const IDLE_AFTER_MS = 2_000;

interface Options {
  readonly postgresUrl: string;
  readonly stack: Stack;
  readonly rows: number;
}

/** A table through agent, control plane and CLI, beside programs that read it directly. */
export async function measureRows({ postgresUrl, stack, rows }: Options): Promise<Figure[]> {
  const section = `${rows.toLocaleString('en')} rows × 6 columns as NDJSON`;
  await createMeasuredTable(postgresUrl, rows);
  const commands = {
    ours: sqlCommand(STATEMENT, rows),
    optimised: script('optimised-reader.ts', postgresUrl),
    plain: script('plain-reader.ts', postgresUrl),
    psql: ['psql', postgresUrl, '--quiet', '--command', `\\copy ${TABLE} TO /dev/null`],
  } as const satisfies Record<string, Command>;
  // Small queries only, so that what a large one takes is not in the figure for being idle.
  const warmUps: Run[] = [];
  for (let i = 0; i < WARM_UPS; i++) warmUps.push(await run(sqlCommand('SELECT 1', 1), stack.clientEnv));
  const cliIdle = Math.min(...warmUps.map(({ peakMemory }) => peakMemory));
  const controlPlane = await watchGrowth(stack.controlPlane);
  const agent = await watchGrowth(stack.agent);
  await compareBytes(commands.ours, commands.optimised, stack, rows);
  const cliPeaks: number[] = [];
  const times = await alternate(
    {
      ours: async () => {
        const { elapsedMs, peakMemory } = await run(commands.ours, stack.clientEnv);
        cliPeaks.push(peakMemory);
        return elapsedMs;
      },
      optimised: () => elapsed(run(commands.optimised)),
      plain: () => elapsed(run(commands.plain)),
      psql: () => elapsed(run(commands.psql)),
    },
    ROUNDS,
  );
  const seconds = (name: string, ms: number): Figure => ({ section, name, value: ms / 1000, unit: 's', target: null });
  const growth = (name: string, bytes: number, atMost: number): Figure => {
    return { section, name: `${name}: memory over idle`, value: bytes / MIB, unit: 'MiB', target: { atMost } };
  };
  return [
    seconds('custard sql, through control plane and agent', times.ours),
    seconds('optimised reader (pg, cursor, text, hand-built lines)', times.optimised),
    seconds('plain reader (pg, cursor, JSON.stringify)', times.plain),
    seconds('psql \\copy', times.psql),
    {
      section,
      name: 'ours ÷ optimised reader',
      value: times.ours / times.optimised,
      unit: 'times',
      target: { atMost: 1.5 },
    },
    { section, name: 'ours ÷ plain reader', value: times.ours / times.plain, unit: 'times', target: { below: 1 } },
    growth('control plane', controlPlane(), 64),
    growth('agent', agent(), 96),
    growth('CLI', Math.max(...cliPeaks) - cliIdle, 48),
  ];
}

function sqlCommand(statement: string, rows: number): Command {
  return custard('sql', statement, '-c', CONNECTION, '-o', 'ndjson', '--max-rows', String(rows), '--timeout', '10m');
}

async function elapsed(running: Promise<Run>): Promise<number> {
  return (await running).elapsedMs;
}

async function compareBytes(ours: Command, reference: Command, stack: Stack, rows: number): Promise<void> {
  const [a, b] = [await hashRows(ours, stack.clientEnv), await hashRows(reference)];
  if (a.rows !== rows || a.sha256 !== b.sha256) {
    throw new Error(
      `Not the same bytes: ${a.rows} rows ${a.sha256} from custard, ${b.rows} rows ${b.sha256} directly.`,
    );
  }
}

/** Notes what a service holds while idle; the function returned says how far it went above that since. */
async function watchGrowth(service: Service): Promise<() => number> {
  await new Promise((resolve) => setTimeout(resolve, IDLE_AFTER_MS));
  const idle = memoryOf(service).now;
  resetPeak(service.pid);
  return () => memoryOf(service).peak - idle;
}

function memoryOf(service: Service) {
  const memory = readMemory(service.pid);
  if (memory === null) throw new Error(`The ${service.name} has ended.`);
  return memory;
}
