import { open } from 'node:fs/promises';
import { CustardError } from '#core/errors.ts';
import { KIB } from '#core/protocol/limits.ts';
import { type AgentEnvironment, AgentKey } from './env.ts';

const MAX_KEY_FILE_BYTES = 4 * KIB;

/** The key as it is given, or out of its file, which may end in a line feed. CONFIG_INVALID. */
export async function agentKey(environment: AgentEnvironment): Promise<string> {
  const { CUSTARD_API_KEY: key, CUSTARD_API_KEY_FILE: path } = environment;
  if (key !== undefined || path === undefined) return key ?? '';
  const parsed = AgentKey.safeParse((await readStart(path)).trim());
  if (parsed.success) return parsed.data;
  throw new CustardError('CONFIG_INVALID', `What is in the key file ${path} is no agent key.`, {
    hint: 'It holds the key that `custard connections create` showed, custard_ and 36 letters and digits, and nothing else.',
  });
}

async function readStart(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_KEY_FILE_BYTES), 0, MAX_KEY_FILE_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch (cause) {
    throw new CustardError('CONFIG_INVALID', `The key file ${path} cannot be read.`, {
      hint: 'Name a file that this user may read (CUSTARD_API_KEY_FILE, or key_file).',
      cause,
    });
  }
}
