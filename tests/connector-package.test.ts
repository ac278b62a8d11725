import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** What is packed for npm, as somebody has it who writes a connector: nothing of this repository is in reach. */

const ROOT = dirname(import.meta.dirname);
const EXAMPLE = 'examples/connector-ndjson';
const run = promisify(execFile);

let folder: string;
let app: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custard-package-'));
  app = join(folder, 'app');
  await install(await pack(), join(app, 'node_modules/custard'));
  // As `npm install` would put them there.
  for (const name of ['vitest', 'zod', '@types/node', 'undici-types']) {
    await mkdir(dirname(join(app, 'node_modules', name)), { recursive: true });
    await symlink(join(ROOT, 'node_modules', name), join(app, 'node_modules', name));
  }
  await cp(join(ROOT, EXAMPLE), join(app, 'connector-ndjson'), { recursive: true });
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function pack(): Promise<string> {
  const source = join(folder, 'source');
  const { files } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  await run(process.execPath, [join(ROOT, 'scripts/build.ts'), join(source, 'dist')]);
  for (const name of ['package.json', ...files.filter((file: string) => file !== 'dist')]) {
    await cp(join(ROOT, name), join(source, name), { recursive: true });
  }
  await run('npm', ['pack', '--ignore-scripts', '--offline', '--pack-destination', folder], { cwd: source });
  const [archive = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  return join(folder, archive);
}

async function install(archive: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  await run('tar', ['-xzf', archive, '-C', target, '--strip-components=1']);
}

test('the example passes the contract suite, which comes with the package', async () => {
  const vitest = join(app, 'node_modules/vitest/vitest.mjs');
  const options = { cwd: join(app, 'connector-ndjson'), env: { PATH: process.env['PATH'], NO_COLOR: '1' } };
  const args = [vitest, 'run', '--testTimeout=60000', '--reporter=verbose'];
  const { stdout } = await run(process.execPath, args, { ...options, maxBuffer: 16 * 1024 * 1024 }).catch(
    (failed: { readonly stdout?: string; readonly stderr?: string }) => {
      throw new Error(`${failed.stdout}${failed.stderr}`);
    },
  );
  expect(stdout).toMatch(/Tests +\d+ passed/);
  expect(stdout).not.toMatch(/\d+ (?:skipped|failed)/);
}, 300_000);

test('the types are those of the contract', async () => {
  const source = `
    import { type ConnectorModule, CustardError, RowLines } from 'custard/connector';
    import { describeConnector, type Engine } from 'custard/connector-suite';
    export const connector: ConnectorModule = {
      api: 1,
      dialect: 'sqlite',
      open: async ({ url }) => { throw new CustardError('CONFIG_INVALID', url ?? ''); },
    };
    export const lines = RowLines;
    export const suite: (engine: Engine) => void = describeConnector;
    // @ts-expect-error there is no such dialect
    export const wrong: ConnectorModule = { ...connector, dialect: 'oracle' };`;
  await writeFile(join(app, 'mine.ts'), source);
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'esnext', '--types', 'node', 'mine.ts'];
  await run(process.execPath, [tsc, ...flags], { cwd: app }).catch((failed: { readonly stdout?: string }) => {
    throw new Error(failed.stdout);
  });
}, 60_000);
