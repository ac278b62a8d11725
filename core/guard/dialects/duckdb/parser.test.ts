import { execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Parser } from './parser.ts';

const LOAD_GUARD = new URL('../../load-guard.ts', import.meta.url).pathname;
/** A program that checks one statement, and then has nothing left to do. */
const PROGRAM = `
  const { loadGuard } = await import(${JSON.stringify(LOAD_GUARD)});
  const guard = await loadGuard('duckdb');
  console.log((await guard.check('select 1')).verdict);`;

/** The parsers that a process has started; from /proc, so on Linux only. */
function parsersOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const [stat, command] = [read(pid, 'stat'), read(pid, 'cmdline')];
      const [state, ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(ppid) === parent && state !== 'Z' && command.includes('duckdb-parser-worker');
    });
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

test('the parser does not keep a program alive', { timeout: 20_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    timeout: 15_000,
  });
  expect(stdout.trim()).toBe('allow');
});

describe.skipIf(!existsSync('/proc'))('the parser process', () => {
  test('ends with its parent, even one that is killed', { timeout: 20_000 }, async () => {
    const parent = spawn(process.execPath, ['--input-type=module', '-e', `${PROGRAM} setInterval(() => {}, 1000);`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await new Promise((resolve) => parent.stdout.once('data', resolve));
    const [child] = parsersOf(parent.pid ?? 0);
    expect(child).toBeDefined();
    parent.kill('SIGKILL');
    for (let waited = 0; waited < 5_000 && read(child ?? 0, 'cmdline') !== ''; waited += 50) await sleep(50);
    expect(read(child ?? 0, 'cmdline')).toBe('');
  });

  test('is replaced when it is killed, and what was waiting is answered', async () => {
    const parser = new Parser();
    const before = parsersOf(process.pid);
    expect(await parser.start()).toBe(true);
    const [child] = parsersOf(process.pid).filter((pid) => !before.includes(pid));
    const answers = Array.from({ length: 500 }, (_, index) => parser.parse(`select ${index}`));
    process.kill(child ?? 0, 'SIGKILL');
    const kinds = (await Promise.all(answers)).map(({ kind }) => kind);
    // One that was alone in the process when it died counts as the cause.
    expect(kinds.filter((kind) => kind !== 'statements').length).toBeLessThanOrEqual(1);
    expect(await parser.start()).toBe(true);
  });

  test('is replaced when it hangs, within a second', { timeout: 20_000 }, async () => {
    const parser = new Parser();
    const before = parsersOf(process.pid);
    expect(await parser.start()).toBe(true);
    const [child] = parsersOf(process.pid).filter((pid) => !before.includes(pid));
    process.kill(child ?? 0, 'SIGSTOP');
    const started = performance.now();
    expect(await parser.parse('select 1')).toEqual({ kind: 'broken' });
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(await parser.start()).toBe(true);
  });
});
