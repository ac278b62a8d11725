import { KIB } from '#core/protocol/limits.ts';
import { readTextFile } from '#core/read-text-file.ts';
import { type AgentEntry, parseAgentsFile } from './parse-agents-file.ts';

const MAX_BYTES = 256 * KIB;

/** The connections of an agents' file (docs/agent.md). CONFIG_INVALID says what is wrong with it, and where. */
export async function readAgentsFile(path: string, env: NodeJS.ProcessEnv): Promise<AgentEntry[]> {
  const text = await readTextFile(path, {
    called: `The agents' file ${path}`,
    maxBytes: MAX_BYTES,
    tooLargeHint: 'Run more than one process, each with a file of its own.',
  });
  return parseAgentsFile(text, { path, env });
}
