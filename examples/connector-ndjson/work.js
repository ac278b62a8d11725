import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CHUNK_BYTES, CustardError, Interruption } from 'custard/connector';

const WORKER = fileURLToPath(new URL('./worker.js', import.meta.url));
const MOST_AT_ONCE = 4;

let atWork = 0;
/** @type {(() => void)[]} */
const waiting = [];

/**
 * Does one job in a process of its own. What it writes on its standard output goes to the sink as it comes, and not
 * faster than that takes it; on another pipe it says the columns, and how it ended. A job that is over its time, or that
 * nobody wants any more, ends with its process.
 */
export async function work(folder, job, { timeoutMs, signal }, sink) {
  using interruption = new Interruption({ timeoutMs, signal });
  try {
    interruption.signal.throwIfAborted();
    await interruption.race(aPlace());
    try {
      return await inProcess(folder, job, interruption, sink);
    } finally {
      atWork--;
      waiting.shift()?.();
    }
  } catch (error) {
    throw interruption.signal.aborted ? interruption.signal.reason : error;
  }
}

async function aPlace() {
  while (atWork >= MOST_AT_ONCE) await new Promise((resolve) => waiting.push(() => resolve(undefined)));
  atWork++;
}

async function inProcess(folder, job, { race, signal }, sink) {
  const child = spawn(process.execPath, ['--no-warnings', WORKER, folder], {
    stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
    env: {},
  });
  const kill = () => child.kill('SIGKILL');
  signal.addEventListener('abort', kill);
  try {
    child.stdin.on('error', () => undefined).end(JSON.stringify({ ...job, parent: process.pid }));
    const said = createInterface(child.stdio[3])[Symbol.asyncIterator]();
    const next = async () => (await race(said.next())).value;
    const first = JSON.parse((await next()) ?? '{}');
    if (first.columns !== undefined) sink.columns(first.columns);
    for (const output = child.stdout[Symbol.asyncIterator](); ; ) {
      const { done, value } = await race(output.next());
      if (done) break;
      for (let at = 0; at < value.length; at += CHUNK_BYTES) {
        const taken = sink.chunk(value.subarray(at, at + CHUNK_BYTES));
        if (taken !== undefined) await race(taken);
      }
    }
    const end = first.columns === undefined ? first : JSON.parse((await next()) ?? '{}');
    if (end.failed === undefined && end.rows === undefined) throw lost();
    return end;
  } finally {
    signal.removeEventListener('abort', kill);
    kill();
  }
}

const lost = () =>
  new CustardError('DATABASE_UNREACHABLE', 'The process that read the files ended early.', {
    hint: 'Try again; if it stays, the files may be too large for the memory of this machine.',
  });
