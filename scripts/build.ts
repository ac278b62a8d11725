/**
 * node build.ts [FOLDER]: bundles the programs into dist/, or the folder: one entry per command, so that a command loads what it needs and
 * nothing else; the CLI's libraries are bundled (start-up), the servers' and the drivers' are not.
 */
import { cpSync, globSync, rmSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import packageJson from '../package.json' with { type: 'json' };
import { writeDeclarations } from './lib/declarations.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Bundled, because every start of the CLI loads them; whatever else is a dependency stays a package. */
const BUNDLED = new Set(['@oclif/core', 'smol-toml', 'string-width', 'zod', 'ws']);
const packages = { ...packageJson.dependencies, ...packageJson.optionalDependencies };
/** Of whoever runs the contract suite. */
const TEST_RUNNER = 'vitest';
const external = [TEST_RUNNER, ...Object.keys(packages)].filter((name) => !BUNDLED.has(name));
const isExternal = (id: string): boolean => external.some((name) => id === name || id.startsWith(`${name}/`));

const CONTAINER_PROGRAMS = ['agent-health', 'server-health', 'make-password', 'demo-shop'];

function entries(): Record<string, string> {
  const commands = globSync('cli/src/commands/**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.test.ts'));
  const named = Object.fromEntries(
    commands.map((file) => [`cli/${relative('cli/src', file).replace(/\.ts$/, '')}`, file]),
  );
  // Workers are started by path, from the chunk beside them.
  const workers = globSync('{core,agent,control-plane}/**/*-worker.ts', { cwd: root });
  for (const file of workers) named[`chunks/${file.replace(/^.*\//, '').replace(/\.ts$/, '')}`] = file;
  // What the images run besides the commands: health checks, and how compose.yaml's demo comes to be.
  for (const name of CONTAINER_PROGRAMS) named[`container/${name}`] = `cli/src/container/${name}.ts`;
  return {
    ...named,
    'cli/main': 'cli/src/main.ts',
    connector: 'agent/src/connectors/external/public-connector.ts',
    'connector-suite': 'agent/src/connectors/external/public-suite.ts',
  };
}

const output = resolve(process.argv[2] ?? `${root}/dist`);
rmSync(output, { recursive: true, force: true });
await build({
  cwd: root,
  input: entries(),
  platform: 'node',
  external: isExternal,
  transform: { target: 'node24' },
  output: {
    dir: output,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    sourcemap: true,
  },
  logLevel: 'warn',
});
writeDeclarations({
  root,
  folder: `${output}/types`,
  entries: ['public-connector', 'public-suite'].map((name) => `agent/src/connectors/external/${name}`),
});

// The pages' style and script are served as they are: web-minimal/load-assets.ts finds them from its chunk.
cpSync(`${root}/web-minimal/assets`, `${output}/web-minimal/assets`, { recursive: true });
