import { rm, writeFile } from 'node:fs/promises';
import { CustardError } from '#core/errors.ts';

/**
 * Puts the first token where only this user can read it, as a line that shells and `--env-file` take.
 * A file of that name is replaced: it is of a control plane whose records are gone.
 */
export async function writeFirstToken(path: string, token: string): Promise<void> {
  try {
    await rm(path, { force: true });
    await writeFile(path, `CUSTARD_TOKEN=${token}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new CustardError('CONFIG_INVALID', `The first token could not be written to ${path}.`, {
      hint: 'Let FIRST_TOKEN_FILE name a file in a folder that the control plane may write to, then start it again.',
      cause: error,
    });
  }
}
