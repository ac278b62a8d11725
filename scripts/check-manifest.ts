/** Checks that oclif.manifest.json says what the commands say; `--write` makes it so. Needs a build. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Plugin } from '@oclif/core';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const file = join(root, 'oclif.manifest.json');

const plugin = new Plugin({ root, ignoreManifest: true, errorOnManifestCreate: true, respectNoCacheDefault: true });
await plugin.load();
// In the order of names: oclif's own is the order in which the file system lists the commands.
const commands = Object.fromEntries(
  Object.entries(plugin.manifest.commands).sort(([one], [other]) => one.localeCompare(other, 'en')),
);
const current = `${JSON.stringify({ ...plugin.manifest, commands }, null, 2)}\n`;

if (process.argv.includes('--write')) {
  writeFileSync(file, current);
} else if (!existsSync(file) || readFileSync(file, 'utf8') !== current) {
  process.stderr.write(
    'oclif.manifest.json is not current: run `node scripts/check-manifest.ts --write` and commit it.\n',
  );
  process.exitCode = 1;
}
