/**
 * The process that has the DuckDB file, or files of data, open: native code runs statements that a machine wrote, and may crash or take all
 * memory; a process of its own can be killed.
 *
 * Started with the file's path, or what worker-files.ts makes of files of data; answers requests (file/worker-protocol.ts) one after the other. DuckDB works on threads of
 * its own, so that this one listens meanwhile: to `interrupt`, and to the end of the pipe, which is when its parent ends.
 */
import { rmSync } from 'node:fs';
import { Socket } from 'node:net';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { SchemaPage } from '../connector.ts';
import { PIPE_FD, type WorkerRequest } from '../file/worker-protocol.ts';
import { parseWorkerFiles } from './data-files/worker-files.ts';
import { describeFile, versionOf } from './describe.ts';
import { explainStatement } from './explain.ts';
import { toFailure } from './failures.ts';
import { findCandidates, findInFile } from './find-values.ts';
import { OpenDatabase, type Source } from './open-database.ts';
import { DatabaseFile } from './open-file.ts';
import { findRelations } from './relations.ts';
import { runStatement } from './statement-run.ts';
import { Task } from './task.ts';
import { WorkerOutput } from './worker-output.ts';

const CHECK_MEMORY_EVERY_MS = 50;
/** More than DuckDB is allowed: it does not count all that it allocates, long texts for one. */
const MAX_MEMORY_BYTES = 2.5 * 1024 * 1024 * 1024;

type Work = Exclude<WorkerRequest, { type: 'interrupt' }>;

function serve(pipe: Socket, source: Source): void {
  const database = new OpenDatabase(source);
  const output = new WorkerOutput(pipe);
  let task: Task | undefined;
  let pending = '';
  const perform = async (request: Work): Promise<void> => {
    const watch = setInterval(watchMemory, CHECK_MEMORY_EVERY_MS);
    try {
      await using lease = await database.lease();
      task = new Task(lease);
      await answer(request, { task, source }, output);
    } catch (error) {
      await output.answer({
        type: 'failed',
        failure: toFailure(error, 'statement' in request ? request.statement : ''),
      });
    } finally {
      task = undefined;
      clearInterval(watch);
    }
  };
  pipe.on('data', (chunk: string) => {
    const lines = (pending + chunk).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) {
      // The parent is this same program: its requests are not parsed a second time.
      const request: WorkerRequest = JSON.parse(line);
      if (request.type === 'interrupt') task?.interrupt();
      else void perform(request);
    }
  });
}

interface Opened {
  readonly task: Task;
  readonly source: Source;
}

async function answer(request: Work, { task, source }: Opened, output: WorkerOutput): Promise<void> {
  const connection: DuckDBConnection = task.connection;
  switch (request.type) {
    case 'ping':
      return await output.answer({
        ...{ type: 'ping', version: await versionOf(connection) },
        ...(source.tables === undefined ? {} : { tables: source.tables }),
      });
    case 'run':
      return await runStatement(task, request, output);
    case 'describe':
      return await answerDescribe(connection, request.schemas, output);
    case 'explain':
      return await output.answer({ type: 'explain', ...(await explainStatement(task, request.statement)) });
    case 'relations':
      return await output.answer({ type: 'relations', relations: await findRelations(task, request.tables) });
    case 'candidates':
      return await output.answer({ type: 'candidates', candidates: await findCandidates(connection) });
    case 'find':
      for await (const found of findInFile(connection, request)) await output.answer({ type: 'hits', found });
      return await output.answer({ type: 'find' });
    default:
      request satisfies never;
  }
}

async function answerDescribe(
  connection: DuckDBConnection,
  schemas: readonly string[] | null,
  output: WorkerOutput,
): Promise<void> {
  const written: Promise<void>[] = [];
  const onPage = (page: SchemaPage) => void written.push(output.answer({ type: 'schema page', page }));
  await describeFile(connection, { schemas, onPage });
  await Promise.all(written);
  await output.answer({ type: 'describe' });
}

/** At once, as nothing else ends a statement that allocates: the parent says what happened. */
function watchMemory(): void {
  if (process.memoryUsage.rss() > MAX_MEMORY_BYTES) process.kill(process.pid, 'SIGKILL');
}

const [, , started = ''] = process.argv;
const files = parseWorkerFiles(started);
const pipe = new Socket({ fd: PIPE_FD });
pipe.setEncoding('utf8');
// At once, even in the middle of a statement, for which an orderly exit would wait.
for (const event of ['end', 'close', 'error']) {
  pipe.on(event, () => {
    // The parent is gone: nobody else would remove what was put there.
    if (files !== null) rmSync(files.folder, { recursive: true, force: true });
    process.kill(process.pid, 'SIGKILL');
  });
}
// Its readers are loaded where there are files: the start of this process counts for every question.
const sourceOf = async (): Promise<Source> =>
  files === null ? new DatabaseFile(started) : new (await import('./data-files/data-files.ts')).DataFiles(files);
serve(pipe, await sourceOf());
