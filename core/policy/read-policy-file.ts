import { readTextFile } from '../read-text-file.ts';
import { MAX_POLICY_BYTES, parsePolicy } from './parse-policy.ts';
import type { Policy } from './policy.ts';

/** The policy in a file; CONFIG_INVALID says what is wrong with it. An agent without its policy must not start. */
export async function readPolicyFile(path: string): Promise<Policy> {
  const text = await readTextFile(path, {
    called: `The policy file ${path}`,
    maxBytes: MAX_POLICY_BYTES,
    tooLargeHint: 'Patterns with * say more in less.',
  });
  return parsePolicy(text, path);
}
