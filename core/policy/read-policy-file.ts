import { open } from 'node:fs/promises';
import { CustardError } from '../errors.ts';
import { KIB } from '../protocol/limits.ts';
import { MAX_POLICY_BYTES, parsePolicy } from './parse-policy.ts';
import type { Policy } from './policy.ts';

/** The policy in a file; CONFIG_INVALID says what is wrong with it. An agent without its policy must not start. */
export async function readPolicyFile(path: string): Promise<Policy> {
  return parsePolicy(await readText(path), path);
}

async function readText(path: string): Promise<string> {
  const bytes = await readBounded(path).catch((cause: unknown) => {
    throw new CustardError('CONFIG_INVALID', `The policy file ${path} cannot be read.`, {
      hint: 'Name a file that this user may read.',
      cause,
    });
  });
  if (bytes.length > MAX_POLICY_BYTES) {
    throw new CustardError('CONFIG_INVALID', `The policy file ${path} is larger than ${MAX_POLICY_BYTES / KIB} KiB.`, {
      hint: 'Patterns with * say more in less.',
    });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CustardError('CONFIG_INVALID', `The policy file ${path} is not UTF-8 text.`, { cause });
  }
}

/** One byte more than allowed tells that there is more. */
async function readBounded(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_POLICY_BYTES + 1), 0, MAX_POLICY_BYTES + 1, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
