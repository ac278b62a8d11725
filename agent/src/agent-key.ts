import { CustardError } from '#core/errors.ts';
import { type AgentEnvironment, AgentKey } from './env.ts';
import { readSecretFile } from './secret-file.ts';

/** The key as it is given, or out of its file. CONFIG_INVALID. */
export async function agentKey(environment: AgentEnvironment): Promise<string> {
  const { CUSTARD_API_KEY: key, CUSTARD_API_KEY_FILE: path } = environment;
  if (key !== undefined || path === undefined) return key ?? '';
  const parsed = AgentKey.safeParse(await readSecretFile(path, 'CUSTARD_API_KEY_FILE'));
  if (parsed.success) return parsed.data;
  throw new CustardError('CONFIG_INVALID', `What is in the key file ${path} is no agent key.`, {
    hint: 'It holds the key that `custard connections create` showed, custard_ and 36 letters and digits, and nothing else.',
  });
}
