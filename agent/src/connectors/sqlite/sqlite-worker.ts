/**
 * The process that has the SQLite file open. SQLite runs a statement to its end inside one call,
 * which nothing in the same process can interrupt; a process of its own can be killed.
 *
 * Started with the file's path and its parent's process id; answers requests (worker-protocol.ts) one after the other until the
 * pipe is closed. Everything is synchronous. Keep its imports few: each question waits for them.
 */
import { readSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { PIPE_FD, type WorkerFailure, type WorkerRequest } from '../file/worker-protocol.ts';
import { CannotMask } from './column-masks.ts';
import { describeFile, versionOf } from './describe.ts';
import { explainStatement } from './explain.ts';
import { findCandidates, findInFile } from './find-values.ts';
import { NoSuchFile, openFile } from './open-file.ts';
import { findRelations } from './relations.ts';
import { ResultTooLarge, RowTooLarge, runStatement, SeveralStatements } from './statement-run.ts';
import { writeAnswer } from './worker-output.ts';

const WATCH_EVERY_MS = 50;
/** Far more than a row that may be sent, and sorting, which is done in files, ever take. */
const MAX_MEMORY_BYTES = 1024 * 1024 * 1024;

function serve(path: string, parentId: number): void {
  let database: DatabaseSync | undefined;
  let watched = false;
  for (const request of requests()) {
    try {
      // Opened at the first request, so that what is wrong with the file is that request's answer.
      database ??= openFile(path);
      if (!watched && request.type !== 'ping') watch(parentId);
      watched ||= request.type !== 'ping';
      database.setAuthorizer(null);
      answer(database, request);
    } catch (error) {
      writeAnswer({ type: 'failed', failure: toFailure(error) });
    }
  }
}

function answer(database: DatabaseSync, request: WorkerRequest): void {
  switch (request.type) {
    case 'ping':
      writeAnswer({ type: 'ping', version: versionOf(database) });
      break;
    case 'run':
      runStatement(database, request);
      break;
    case 'describe':
      describeFile(database, (page) => writeAnswer({ type: 'schema page', page }));
      writeAnswer({ type: 'describe' });
      break;
    case 'explain':
      writeAnswer({ type: 'explain', rows: null, scans: explainStatement(database, request.statement) });
      break;
    case 'relations':
      writeAnswer({ type: 'relations', relations: findRelations(database, request.tables) });
      break;
    case 'candidates':
      writeAnswer({ type: 'candidates', candidates: findCandidates(database) });
      break;
    case 'find':
      for (const found of findInFile(database, request)) writeAnswer({ type: 'hits', found });
      writeAnswer({ type: 'find' });
      break;
    case 'interrupt':
      break; // nothing runs while this process listens
    default:
      request satisfies never;
  }
}

function toFailure(error: unknown): WorkerFailure {
  if (error instanceof NoSuchFile) return { kind: 'no such file' };
  if (error instanceof SeveralStatements) return { kind: 'several statements' };
  if (error instanceof CannotMask) return { kind: 'cannot mask', column: error.column };
  if (error instanceof ResultTooLarge) return { kind: 'result too large' };
  if (error instanceof RowTooLarge) return { kind: 'row too large' };
  const code = error instanceof Error && 'errcode' in error ? String(error.errcode) : '-1';
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
    const bytes = readSync(PIPE_FD, chunk);
    if (bytes === 0) return;
    pending = Buffer.concat([pending, chunk.subarray(0, bytes)]);
  }
}

/**
 * Ends this process, from a thread of its own as a statement may be under way: when the parent was killed, which leaves it an
 * orphan, and when it has taken too much memory, which SQLite's own limits do not bound in Node's build of it.
 */
function watch(parentId: number): void {
  const isOver = `process.ppid !== ${parentId} || process.memoryUsage.rss() > ${MAX_MEMORY_BYTES}`;
  new Worker(`setInterval(() => { if (${isOver}) process.kill(process.pid, 'SIGKILL'); }, ${WATCH_EVERY_MS});`, {
    eval: true,
  }).unref();
}

const [, , path = '', parentId] = process.argv;
serve(path, Number(parentId));
process.exit();
