import { spawnSync } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const RUN_JS = join(dirname(dirname(fileURLToPath(import.meta.url))), 'bin/run.js');
let root = '';
let runJs = '';

/** A clone that holds nothing but the launcher, not built yet. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'custard launcher '));
  runJs = join(root, 'cli/bin/run.js');
  await mkdir(dirname(runJs), { recursive: true });
  await copyFile(RUN_JS, runJs);
  await writeFile(join(root, 'package.json'), '{"version":"1.2.3","type":"module"}');
});
afterAll(() => rm(root, { recursive: true, force: true }));

interface RunOptions {
  readonly args?: readonly string[];
  readonly nodeOptions?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

function run({ args = [], nodeOptions = [], env = {} }: RunOptions) {
  const options = { encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: root, ...env } } as const;
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [...nodeOptions, runJs, ...args], options);
  return { status, signal, stdout, stderr };
}

test.each(['--version', '-v', 'version'])('%s needs no build', (arg) => {
  const version = `custard/1.2.3 ${process.platform}-${process.arch} node-${process.version}\n`;
  expect(run({ args: [arg] })).toEqual({ status: 0, signal: null, stdout: version, stderr: '' });
});

test('a clone that is not built says what to do', () => {
  const { status, stderr } = run({ args: ['ask', 'x'] });
  expect(status).toBe(2);
  expect(stderr).toBe(`Custard is not built yet: run ${join(root, 'scripts/setup')}\n`);
});

test("what is built is run, with the compile cache in the user's own folder", async () => {
  await mkdir(join(root, 'dist/cli'), { recursive: true });
  const main = `import { getCompileCacheDir } from 'node:module';
    export const main = ({ root }) => console.log(JSON.stringify([root, getCompileCacheDir()]));`;
  await writeFile(join(root, 'dist/cli/main.js'), main);
  const [givenRoot, cache] = JSON.parse(run({ args: ['ask'] }).stdout);
  expect(givenRoot).toBe(root);
  expect(cache.startsWith(join(root, '.cache/custard/compile-cache'))).toBe(true);
});

/** With a Node that is told to be too old, by raising what the launcher asks for. */
async function withOldNode(node: string | null) {
  await writeFile(runJs, (await readFile(RUN_JS, 'utf8')).replace('MINIMUM_NODE = 24', 'MINIMUM_NODE = 99'));
  await rm(join(root, '.node'), { recursive: true, force: true });
  if (node === null) return;
  await mkdir(join(root, '.node/bin'), { recursive: true });
  await writeFile(join(root, '.node/bin/node'), `#!/bin/sh\n${node}\n`);
  await chmod(join(root, '.node/bin/node'), 0o755);
}

test('an old Node with nothing else there says what to do', async () => {
  await withOldNode(null);
  const { status, stderr } = run({ args: ['--version'] });
  expect(status).toBe(2);
  expect(stderr).toMatch(`Run ${join(root, 'scripts/setup')}, or install Node 99.`);
});

/** process.execve is there from Node 22.15 on. */
const WITHOUT_EXECVE = ['--import', 'data:text/javascript,delete process.execve'];

test.each([
  ['by execve', []],
  ['as a child', WITHOUT_EXECVE],
])('an old Node hands over to the one that was set up, %s', async (_, nodeOptions) => {
  await withOldNode('echo "$@"; cat; exit 7');
  const args = ['ask', 'two words', '--json'];
  expect(run({ args, nodeOptions })).toEqual({
    status: 7,
    signal: null,
    stdout: `${runJs} ask two words --json\n`,
    stderr: '',
  });
  await withOldNode('kill -TERM $$');
  expect(run({ args, nodeOptions })).toMatchObject({ status: null, signal: 'SIGTERM' });
});
