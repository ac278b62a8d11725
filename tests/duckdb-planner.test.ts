import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connector } from '#agent/connectors/connector.ts';
import { openConnector } from '#agent/connectors/registry.ts';
import { wholeSchema } from '#agent/connectors/whole-schema.ts';
import { builtinWriter } from '#control-plane/answering/builtin/builtin-writer.ts';
import { SHOP_QUESTIONS } from '#control-plane/answering/builtin/golden/shop-questions.ts';
import { SHOP } from '#control-plane/answering/builtin/testing/shop.sql.ts';
import { loadGuard } from '#core/guard/load-guard.ts';

const signal = AbortSignal.timeout(120_000);

let folder: string;
let connector: Connector;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custard-duckdb-'));
  const path = join(folder, 'shop.duckdb');
  const owner = await DuckDBInstance.create(path);
  const connection = await owner.connect();
  await connection.run(forDuckdb(SHOP));
  connection.closeSync();
  owner.closeSync();
  connector = await openConnector({ dialect: 'duckdb', path });
});
afterAll(async () => {
  await connector.close();
  await rm(folder, { recursive: true });
});

/** DuckDB takes no part of a date for text, and no row that refers to another of the same INSERT. */
const forDuckdb = (script: string): string =>
  script
    .replace('substr(ordered_at, 1, 7)', "strftime(ordered_at, '%Y-%m')")
    .replaceAll(/((?:manager|parent)_id INTEGER) REFERENCES \w+ \(id\)/g, '$1');

test('what the planner writes for DuckDB passes the guard and runs', { timeout: 120_000 }, async () => {
  const [writer, guard, schema] = [
    builtinWriter(),
    await loadGuard('duckdb'),
    await wholeSchema(connector, { signal }),
  ];
  const findValues = (texts: readonly string[]) => connector.findValues({ texts, skip: () => false, signal });
  let written = 0;
  for (const question of SHOP_QUESTIONS) {
    const draft = await writer.write({
      ...{ question, schema, today: '2026-11-21', findValues, rejected: [], egress: 'rows', signal },
    });
    if (draft.kind !== 'statement') continue;
    written++;
    expect(await guard.check(draft.sql), draft.sql).toMatchObject({ verdict: 'allow' });
    const limits = { rows: 100, bytes: 1_000_000, timeoutMs: 10_000 };
    const sink = { columns: () => undefined, chunk: () => undefined };
    const options = { statement: draft.sql, limits, masks: [], maskKey: Buffer.alloc(32), signal };
    const end = await connector.run(options, sink).catch((error: unknown) => error);
    expect(end, `${question}\n${draft.sql}`).toHaveProperty('rows');
  }
  expect(written).toBeGreaterThan(150);
});
