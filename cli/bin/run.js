#!/usr/bin/env node
/**
 * The `custard` command. Plain JavaScript that Node 12 can parse, because its first duty is to
 * notice a Node that is too old for everything behind it.
 */
// biome-ignore-start lint/style/useNodejsImportProtocol: the `node:` prefix is unknown to the oldest Node this must run on
import { existsSync, readFileSync } from 'fs';
import { dirname, join } from 'path';
import { fileURLToPath } from 'url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const MINIMUM_NODE = 24;

if (Number.parseInt(process.versions.node, 10) < MINIMUM_NODE) {
  rerunWithNewNode(join(root, '.node', 'bin', 'node'));
} else if (isVersionQuestion(process.argv.slice(2))) {
  printVersion();
} else {
  start().catch(fail);
}

/** @param {string} node */
function rerunWithNewNode(node) {
  if (!existsSync(node)) {
    const found = `Custard needs Node ${MINIMUM_NODE} or newer; this is Node ${process.versions.node}.`;
    process.stderr.write(`${found}\nRun ${join(root, 'scripts', 'setup')}, or install Node ${MINIMUM_NODE}.\n`);
    process.exitCode = 2;
    return;
  }
  const args = [fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  if (typeof process.execve === 'function') {
    process.execve(node, [node, ...args], process.env);
    return;
  }
  import('child_process').then(({ spawn }) => passOn(spawn(node, args, { stdio: 'inherit' }))).catch(fail);
}

/** @param {Error} error */
function fail(error) {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 70;
}

/**
 * Signals on to the child, its end back to us.
 * @param {import('node:child_process').ChildProcess} child
 */
function passOn(child) {
  // A terminal's Ctrl-C reaches the child by itself; twice would count as "stop waiting".
  const hasTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  process.on('SIGINT', () => hasTerminal || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  child.on('error', (error) => {
    process.stderr.write(`Cannot start ${child.spawnfile}: ${error.message}\n`);
    process.exitCode = 2;
  });
  child.on('exit', (code, signal) => {
    if (signal !== null) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else {
      process.exitCode = code;
    }
  });
}

/** @param {string[]} argv */
function isVersionQuestion(argv) {
  return argv.length === 1 && ['--version', '-v', 'version'].includes(argv[0]);
}

function printVersion() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  process.stdout.write(`custard/${version} ${process.platform}-${process.arch} node-${process.version}\n`);
}

async function start() {
  const main = join(root, 'dist', 'cli', 'main.js');
  if (!existsSync(main)) {
    process.stderr.write(`Custard is not built yet: run ${join(root, 'scripts', 'setup')}\n`);
    process.exitCode = 2;
    return;
  }
  const { enableCompileCache } = await import('module');
  enableCompileCache(compileCacheDirectory());
  const { main: run } = await import(main);
  await run({ root });
}

/** Under the user's own cache folder: what is in a shared temporary folder is code others could have put there. */
function compileCacheDirectory() {
  const { HOME, NODE_COMPILE_CACHE, XDG_CACHE_HOME } = process.env;
  if (NODE_COMPILE_CACHE) return NODE_COMPILE_CACHE;
  const cache = XDG_CACHE_HOME || (HOME && join(HOME, '.cache'));
  return cache ? join(cache, 'custard', 'compile-cache') : undefined;
}
// biome-ignore-end lint/style/useNodejsImportProtocol: as above
