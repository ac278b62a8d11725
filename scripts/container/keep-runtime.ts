/**
 * node keep-runtime.ts [PACKAGE…], in the image's build stage: makes the folder it runs in what a program needs to
 * run and nothing else. The packages named are those that the program never loads.
 */
import { execFileSync } from 'node:child_process';
import { globSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const KEPT = new Set(['cli', 'dist', 'node_modules', 'oclif.manifest.json', 'package.json', 'LICENSE']);
/** What only editors and debuggers read, and other platforms' builds of libraries. Licences stay. */
const DEAD_WEIGHT = [
  'dist/**/*.map',
  'dist/types/**',
  'node_modules/**/*.{map,d.ts,d.mts,d.cts}',
  'node_modules/{@azure,@typespec}/**/dist/{browser,react-native}',
  'node_modules/.package-lock.json',
];

const Packages = z.record(z.string(), z.string());
const PackageJson = z.looseObject({ dependencies: Packages, optionalDependencies: Packages });

function dropPackages(names: readonly string[]): void {
  const manifest = PackageJson.parse(JSON.parse(readFileSync('package.json', 'utf8')));
  for (const name of names) {
    const group = name in manifest.dependencies ? manifest.dependencies : manifest.optionalDependencies;
    if (!(name in group)) throw new Error(`${name} is not a dependency: see the Dockerfile.`);
    delete group[name];
  }
  writeFileSync('package.json', JSON.stringify(manifest));
  execFileSync('npm', ['prune', '--omit=dev', '--ignore-scripts'], { stdio: 'inherit' });
}

dropPackages(process.argv.slice(2));
for (const path of globSync(DEAD_WEIGHT)) rmSync(path, { recursive: true, force: true });
for (const name of readdirSync('.')) if (!KEPT.has(name)) rmSync(name, { recursive: true });
for (const name of readdirSync('cli')) if (name !== 'bin') rmSync(`cli/${name}`, { recursive: true });
// A clone may have been made under a strict umask; the image's user is not the files' owner.
execFileSync('chmod', ['-R', 'a+rX', '.']);
