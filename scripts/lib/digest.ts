/**
 * node digest.ts PATH…: one SHA-256 of the names and contents of these files, folders taken whole but
 * for their tests, and of the platform, for a clone that two machines share.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

function* filesBelow(path: string): Generator<string> {
  if (!statSync(path).isDirectory()) {
    yield path;
    return;
  }
  for (const name of readdirSync(path).sort()) yield* filesBelow(join(path, name));
}

const hash = createHash('sha256').update(`${process.platform} ${process.arch}\0`);
for (const path of process.argv.slice(2)) {
  for (const file of filesBelow(path)) {
    if (!file.endsWith('.test.ts')) hash.update(`${file}\0`).update(readFileSync(file));
  }
}
console.log(hash.digest('hex'));
