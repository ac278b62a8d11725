/**
 * node make-password.js FILE: a random password, made once. Who may read it is settled by who the file's volume is
 * mounted into: the server that reads it runs as a user of its own.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, writeFileSync } from 'node:fs';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Which file? node make-password.js FILE');
if (!existsSync(file)) {
  // Renamed once it is whole: half a password would stay.
  writeFileSync(`${file}.new`, randomBytes(24).toString('hex'), { mode: 0o444, flush: true });
  renameSync(`${file}.new`, file);
}
