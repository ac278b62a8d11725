import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Hostile, sharedLines } from '#core/guard/testing/corpora.ts';
import { workersOf } from '../../testing/busy-processes.ts';
import { until } from '../../testing/until.ts';
import { toDataFiles } from './data-file.ts';
import { openDataFiles } from './open-data-files.ts';
import { makePrivateFolder, removeFolder } from './private-folder.ts';
import { FileBench, type OpenedBench } from './testing/file-bench.ts';

let bench: FileBench;
let server: Server;
let requests = 0;
beforeAll(async () => {
  bench = await FileBench.create();
  await bench.write('sales.csv', 'id,amount\n1,10.50\n2,3\n');
  await bench.write('secret.csv', 'word\nhush\n');
  server = createServer((_, response) => {
    requests++;
    response.end('a\n1\n');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterAll(async () => {
  server.close();
  await bench[Symbol.asyncDispose]();
});

/** Everything that would reach out of the tables; `out` is a file that may come to be. */
const escapes = (secret: string, out: string, address: string): readonly string[] => [
  `SELECT * FROM read_csv('${secret}')`,
  `SELECT * FROM '${secret}'`,
  `SELECT * FROM read_text('${secret}')`,
  `SELECT * FROM read_blob('/etc/passwd')`,
  `SELECT * FROM read_json('${secret}')`,
  `SELECT * FROM read_parquet('${secret}')`,
  `SELECT * FROM sniff_csv('${secret}')`,
  `SELECT * FROM glob('/*')`,
  `SELECT * FROM read_csv('${address}/x.csv')`,
  `SELECT * FROM '${address}/x.parquet'`,
  `COPY sales TO '${out}'`,
  `COPY sales TO '${out}' (FORMAT parquet, USE_TMP_FILE false)`,
  `COPY sales FROM '${secret}'`,
  `EXPORT DATABASE '${out}'`,
  `IMPORT DATABASE '${out}'`,
  `ATTACH '${out}' AS other`,
  `ATTACH '${out}' AS other (TYPE sqlite)`,
  `INSTALL httpfs`,
  `INSTALL httpfs FROM '${address}'`,
  `LOAD httpfs`,
  `LOAD '${out}'`,
  `FORCE INSTALL spatial`,
  `CREATE PERSISTENT SECRET s (TYPE http, BEARER_TOKEN 'x')`,
  `SET enable_external_access = true`,
  `SET lock_configuration = false`,
  `SET temp_directory = '${out}'`,
  `SET memory_limit = '100GB'`,
  `SET allowed_paths = ['${secret}']`,
  `SET autoload_known_extensions = true`,
  `RESET enable_external_access`,
  `PRAGMA enable_object_cache`,
];

async function fingerprintOf(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of (await readdir(folder)).toSorted()) {
    if (/\.csv$/.test(name)) hash.update(name).update(await readFile(join(folder, name)));
    else hash.update(name);
  }
  return hash.digest('hex');
}

describe('with the guard off', () => {
  test('the lock alone keeps every file, the network, extensions and settings away', async () => {
    const own = await mkdtemp(join(bench.folder, 'own-'));
    const [file] = toDataFiles([{ path: join(bench.folder, 'sales.csv'), label: 'sales.csv' }]);
    const create = (options: Record<string, string>) => DuckDBInstance.create(':memory:', options);
    const { instance } = await openDataFiles(create, { files: file ? [file] : [], folder: own });
    const connection = await instance.connect();
    const before = await fingerprintOf(bench.folder);
    const out = join(bench.folder, 'out');
    const passed = await passing(connection, escapes(join(bench.folder, 'secret.csv'), out, addressOf(server)));
    connection.closeSync();
    instance.closeSync();
    // Its own word for a cache that is there anyway
    expect(passed).toEqual(['PRAGMA enable_object_cache']);
    expect(await fingerprintOf(bench.folder)).toBe(before);
    expect(requests).toBe(0);
  });

  test('the connector runs nothing but queries of the tables', async () => {
    const { rows } = await bench.open('sales.csv');
    const before = await fingerprintOf(bench.folder);
    const out = join(bench.folder, 'out');
    const writes = [
      'DROP TABLE sales',
      'INSERT INTO sales VALUES (3, 1)',
      'CREATE TABLE t (a int)',
      "ATTACH ':memory:' AS m",
    ];
    const statements = [...escapes(join(bench.folder, 'secret.csv'), out, addressOf(server)), ...writes];
    for (const statement of statements) await expect(rows(statement), statement).rejects.toThrow();
    expect(await rows('SELECT count(*), sum(amount) FROM sales')).toEqual([[2, '13.50']]);
    expect(await fingerprintOf(bench.folder)).toBe(before);
    expect(requests).toBe(0);
  });

  const hostile = sharedLines('corpora/hostile/duckdb.jsonl', Hostile);
  test.skipIf(hostile.length === 0)('the hostile corpus leaves the tables and the folder as they were', async () => {
    const { rows } = await bench.open('sales.csv');
    const before = await fingerprintOf(bench.folder);
    expect(hostile.length).toBeGreaterThan(50);
    for (const { sql } of hostile) await rows(sql, { timeoutMs: 300 }).catch(() => undefined);
    expect(await rows('SELECT count(*), sum(amount) FROM sales')).toEqual([[2, '13.50']]);
    expect(await fingerprintOf(bench.folder)).toBe(before);
  });
});

/** Those that DuckDB runs. */
async function passing(connection: DuckDBConnection, statements: readonly string[]): Promise<string[]> {
  const passed: string[] = [];
  for (const statement of statements) {
    await connection.run(statement).then(
      () => passed.push(statement),
      () => undefined,
    );
  }
  return passed;
}

const addressOf = (listening: Server): string => {
  const { port } = listening.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
};

describe('the folder for what does not fit into memory', () => {
  const ours = async () => (await readdir(tmpdir())).filter((name) => name.startsWith(`custard-files-${process.pid}-`));

  test('is nobody else’s, and goes with the connector, also when its worker was killed', async () => {
    const before = await ours();
    const { connector, rows }: OpenedBench = await bench.open('sales.csv');
    const [folder = ''] = (await ours()).filter((name) => !before.includes(name));
    const path = join(tmpdir(), folder);
    const argument = JSON.stringify({
      files: toDataFiles([{ path: join(bench.folder, 'sales.csv'), label: 'sales.csv' }]),
      folder: path,
    });
    const [worker = 0] = await workersOf(argument);
    expect(worker).toBeGreaterThan(0);
    process.kill(worker, 'SIGKILL');
    await until(async () => (await workersOf(argument)).length === 0, 5_000);
    // What is asked before the exit is noticed fails, and says to ask again
    await rows('SELECT 1').catch(() => undefined);
    expect(await rows('SELECT count(*) FROM sales')).toEqual([[2]]);
    await connector.close();
    expect(await ours()).toEqual(before);
  });

  test('of a process that was killed with its workers is removed by the next', async () => {
    // No process has this id: it is beyond what Linux gives.
    const abandoned = join(tmpdir(), 'custard-files-99999999-x');
    await mkdir(abandoned);
    await writeFile(join(abandoned, 'spill'), 'x');
    await removeFolder(makePrivateFolder());
    expect(existsSync(abandoned)).toBe(false);
  });
});
