import { Client } from 'pg';
import { z } from 'zod';
import type { Figure } from './figures.ts';
import { HttpConnection } from './http-connection.ts';
import type { Stack } from './stack.ts';
import { median, percentile } from './statistics.ts';

const STATEMENT = 'SELECT 1';
const SECTION = `${STATEMENT} through REST, control plane and agent`;
const Answer = z.object({ data: z.unknown() });
const WARM_UP = 500;
const BLOCKS = 10;
const PER_BLOCK = 300;
const CONCURRENT = 64;
const THROUGHPUT_ROUNDS = 3;
const THROUGHPUT_MS = 4_000;

export async function measureSelectOne(postgresUrl: string, stack: Stack): Promise<Figure[]> {
  await checkAnswer(stack);
  const { ours, direct } = await measureLatency(postgresUrl, stack);
  const throughputs: number[] = [];
  for (let round = 0; round < THROUGHPUT_ROUNDS; round++) throughputs.push(await measureThroughput(stack));
  const ms = (name: string, value: number, atMost: number | null = null): Figure => {
    return { section: SECTION, name, value, unit: 'ms', target: atMost === null ? null : { atMost } };
  };
  return [
    ms('custard, p50', percentile(ours, 0.5)),
    ms('custard, p99', percentile(ours, 0.99)),
    ms('direct pg client, p50', percentile(direct, 0.5)),
    ms('direct pg client, p99', percentile(direct, 0.99)),
    ms('custard over direct, p50', percentile(ours, 0.5) - percentile(direct, 0.5), 1.2),
    {
      section: SECTION,
      name: `queries with ${CONCURRENT} at the same time`,
      value: median(throughputs),
      unit: 'per second',
      target: { atLeast: 1_200 },
    },
  ];
}

/** One after the other over one connection each, in alternating blocks. */
async function measureLatency(postgresUrl: string, stack: Stack): Promise<{ ours: number[]; direct: number[] }> {
  const client = new Client({ connectionString: postgresUrl });
  await client.connect();
  const connection = await open(stack);
  const ask = () => connection.post();
  const query = () => client.query(STATEMENT);
  try {
    await timeEach(ask, WARM_UP);
    await timeEach(query, WARM_UP);
    const [ours, direct]: [number[], number[]] = [[], []];
    for (let block = 0; block < BLOCKS; block++) {
      ours.push(...(await timeEach(ask, PER_BLOCK)));
      direct.push(...(await timeEach(query, PER_BLOCK)));
    }
    return { ours, direct };
  } finally {
    connection.close();
    await client.end();
  }
}

async function timeEach(once: () => Promise<unknown>, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const started = performance.now();
    await once();
    times.push(performance.now() - started);
  }
  return times;
}

async function measureThroughput(stack: Stack): Promise<number> {
  const connections = await Promise.all(Array.from({ length: CONCURRENT }, () => open(stack)));
  try {
    let answered = 0;
    const started = performance.now();
    const deadline = started + THROUGHPUT_MS;
    await Promise.all(
      connections.map(async (connection) => {
        for (; performance.now() < deadline; answered++) await connection.post();
      }),
    );
    return (answered * 1_000) / (performance.now() - started);
  } finally {
    for (const connection of connections) connection.close();
  }
}

/** A fast wrong answer is none. */
async function checkAnswer({ apiUrl, token, connectionId }: Stack): Promise<void> {
  const response = await fetch(new URL('/api/v1/query', apiUrl), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ connection_id: connectionId, sql: STATEMENT }),
  });
  const { data } = Answer.parse(await response.json());
  if (JSON.stringify(data) !== '[[1]]') throw new Error(`${STATEMENT} gave ${JSON.stringify(data)}`);
}

function open({ apiUrl, token, connectionId }: Stack): Promise<HttpConnection> {
  return HttpConnection.open(new URL('/api/v1/query', apiUrl), token, { connection_id: connectionId, sql: STATEMENT });
}
