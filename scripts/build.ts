/**
 * Bundles the programs into dist/: one entry per command, so that a command loads what it needs and
 * nothing else; the CLI's libraries are bundled (start-up), the servers' and the drivers' are not.
 */
import { cpSync, globSync, rmSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import packageJson from '../package.json' with { type: 'json' };

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Bundled, because every start of the CLI loads them; whatever else is a dependency stays a package. */
const BUNDLED = new Set(['@oclif/core', 'smol-toml', 'string-width', 'zod', 'ws']);
const packages = { ...packageJson.dependencies, ...packageJson.optionalDependencies };
const external = Object.keys(packages).filter((name) => !BUNDLED.has(name));
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
  return { ...named, 'cli/main': 'cli/src/main.ts' };
}

rmSync(`${root}/dist`, { recursive: true, force: true });
await build({
  cwd: root,
  input: entries(),
  platform: 'node',
  external: isExternal,
  transform: { target: 'node24' },
  output: {
    dir: `${root}/dist`,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    sourcemap: true,
  },
  logLevel: 'warn',
});

// The pages' style and script are served as they are: web-minimal/load-assets.ts finds them from its chunk.
cpSync(`${root}/web-minimal/assets`, `${root}/dist/web-minimal/assets`, { recursive: true });
