import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { CustardError } from '#core/errors.ts';
import { directories, type Environment } from '../config/directories.ts';
import { Credential } from './credential.ts';

/**
 * By the server's address: where the credential is, and the credential itself where no keyring takes it. So a
 * keyring is asked only when there is something in it.
 */
const CredentialFile = z.strictObject({
  version: z.literal(1),
  servers: z.record(
    z.string(),
    z.discriminatedUnion('kept', [
      z.strictObject({ kept: z.literal('keyring') }),
      z.strictObject({ kept: z.literal('file'), credential: Credential }),
    ]),
  ),
});
type CredentialFile = z.infer<typeof CredentialFile>;
export type Entries = CredentialFile['servers'];

export const credentialPath = (env: Environment): string => join(directories(env).config, 'credentials.json');

/** Empty when there is no such file. CONFIG_INVALID when it is not what Custard wrote, or others may open it. */
export async function readEntries(path: string): Promise<Entries> {
  try {
    const text = await readFile(path, 'utf8');
    if (process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0) throw openToOthers(path);
    return CredentialFile.parse(JSON.parse(text)).servers;
  } catch (error) {
    if (error instanceof CustardError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return {};
    // No cause: what a parser says of it may quote it
    throw new CustardError('CONFIG_INVALID', `What logging in left in ${path} cannot be read.`, {
      hint: `Remove it and log in again: rm ${path} && custard login`,
    });
  }
}

/** Whole or not at all, and for nobody else's eyes. */
export async function writeEntries(path: string, servers: Entries): Promise<void> {
  const file = { version: 1, servers } satisfies CredentialFile;
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await makePrivateFolder(dirname(path));
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(file, null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined); // what failed above is the one to tell
    throw notWritable(path, cause);
  }
}

export async function makePrivateFolder(folder: string): Promise<void> {
  if ((await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined) await chmod(folder, 0o700);
}

export function notWritable(path: string, cause: unknown): CustardError {
  return new CustardError('CONFIG_INVALID', `Cannot write ${path}, where the log-in is kept.`, {
    hint: 'Make its folder writable, set XDG_CONFIG_HOME to one that is, or use a token in CUSTARD_TOKEN.',
    cause,
  });
}

function openToOthers(path: string): CustardError {
  return new CustardError('CONFIG_INVALID', `${path} holds what logging in left, and other users may open it.`, {
    hint: `Run: chmod 600 ${path}. If others may have read it, end the session: custard logout --all`,
  });
}
