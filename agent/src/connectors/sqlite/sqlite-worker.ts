/**
 * The process that has the SQLite file open. SQLite runs a statement to its end inside one call,
 * which nothing in the same process can interrupt; a process of its own can be killed.
 *
 * Started with the file's path; answers requests (worker-protocol.ts) one after the other until its
 * standard input ends. Everything is synchronous. Keep its imports few: each question waits for them.
 */
import { readSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { describeFile, versionOf } from './describe-file.ts';
import { findInFile } from './find-values.ts';
import { ResultTooLarge, RowTooLarge, runStatement, SeveralStatements } from './run-statement.ts';
import { writeAnswer } from './worker-output.ts';
import type { WorkerFailure, WorkerRequest } from './worker-protocol.ts';

const STDIN = 0;
const BUSY_TIMEOUT_MS = 2_000;
/** What SQLite itself may allocate, so that no statement takes all of the machine's memory. */
const HEAP_BYTES = 512 * 1024 * 1024;
/** One value at most; larger ones could not be sent as a row anyway. */
const VALUE_BYTES = 64 * 1024 * 1024;
const WATCH_PARENT_EVERY_MS = 250;

/** Opened at the first request, so that what is wrong with the file is that request's answer. */
let database: DatabaseSync | undefined;

function open(): DatabaseSync {
  const opened = new DatabaseSync(process.argv[2] ?? '', {
    readOnly: true,
    timeout: BUSY_TIMEOUT_MS,
    allowExtension: false,
  });
  opened.limits.length = VALUE_BYTES;
  opened.exec(`PRAGMA hard_heap_limit = ${HEAP_BYTES}; PRAGMA query_only = ON`);
  connectVirtualTables(opened);
  return opened;
}

/** Their modules prepare statements of their own when first used, which the authorizer would refuse. */
function connectVirtualTables(opened: DatabaseSync): void {
  const tables = opened.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage = 0").all();
  for (const { name } of tables) {
    try {
      opened.prepare(`SELECT 1 FROM "${String(name).replaceAll('"', '""')}" LIMIT 0`).all();
    } catch {
      // Its module is not built in: a statement that uses it will say so.
    }
  }
}

function answer(request: WorkerRequest): void {
  database ??= open();
  database.setAuthorizer(null);
  switch (request.type) {
    case 'ping':
      return writeAnswer({ type: 'ping', version: versionOf(database) });
    case 'run':
      return runStatement(database, request);
    case 'describe':
      return writeAnswer({ type: 'describe', schema: describeFile(database) });
    case 'find':
      for (const found of findInFile(database, request.texts, request.budgetMs)) writeAnswer({ type: 'hits', found });
      return writeAnswer({ type: 'find' });
    default:
      return request satisfies never;
  }
}

function toFailure(error: unknown): WorkerFailure {
  if (error instanceof SeveralStatements) return { kind: 'several statements' };
  if (error instanceof ResultTooLarge) return { kind: 'result too large' };
  if (error instanceof RowTooLarge) return { kind: 'row too large' };
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : -1;
  return { kind: 'engine', code, message: error instanceof Error ? error.message : String(error) };
}

function* requests(): Generator<WorkerRequest> {
  const chunk = Buffer.alloc(64 * 1024);
  let pending = Buffer.alloc(0);
  for (;;) {
    const end = pending.indexOf(0x0a);
    if (end >= 0) {
      // The parent is this same program: its requests are not parsed a second time.
      yield JSON.parse(pending.toString('utf8', 0, end));
      pending = pending.subarray(end + 1);
      continue;
    }
    const bytes = readSync(STDIN, chunk);
    if (bytes === 0) return;
    pending = Buffer.concat([pending, chunk.subarray(0, bytes)]);
  }
}

/** When the parent dies this process is orphaned, perhaps in the middle of an endless statement. */
function watchParent(): void {
  const code = `const parent = process.ppid;
    setInterval(() => process.ppid === parent || process.kill(process.pid, 'SIGKILL'), ${WATCH_PARENT_EVERY_MS});`;
  new Worker(code, { eval: true }).unref();
}

let watched = false;
for (const request of requests()) {
  if (request.type !== 'ping' && !watched) {
    watched = true;
    watchParent();
  }
  try {
    answer(request);
  } catch (error) {
    writeAnswer({ type: 'failed', failure: toFailure(error) });
  }
}
process.exit();
