/**
 * Writes the fingerprints of the most frequent passwords that are long enough to be taken at all:
 *
 *   node scripts/generate-common-passwords.ts LIST
 *
 * LIST has one password a line, the most frequent first: SecLists'
 * Passwords/Common-Credentials/10-million-password-list-top-1000000.txt (MIT).
 */
import { readFile, writeFile } from 'node:fs/promises';
import { passwordFingerprint } from '../control-plane/src/identity/password-fingerprint.ts';
import { MIN_PASSWORD_CHARACTERS } from '../core/protocol/accounts.ts';

const TARGET = new URL('../control-plane/src/identity/common-passwords.ts', import.meta.url);
const COUNT = 10_000;

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('usage: generate-common-passwords.ts LIST');
const listed = (await readFile(path, 'utf8')).split('\n').map((line) => line.trim().toLowerCase());
const long = [...new Set(listed.filter((line) => [...line].length >= MIN_PASSWORD_CHARACTERS))].slice(0, COUNT);
const fingerprints = Uint32Array.from(long, passwordFingerprint).sort();
const bytes = Buffer.alloc(4 * fingerprints.length);
for (const [index, fingerprint] of fingerprints.entries()) bytes.writeUInt32LE(fingerprint, 4 * index);
await writeFile(
  TARGET,
  `/** Made by scripts/generate-common-passwords.ts: 32-bit fingerprints of ${long.length} passwords of SecLists (MIT). */
export const COMMON_PASSWORDS =
  '${bytes.toString('base64')}';
`,
);
