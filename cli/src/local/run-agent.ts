import type { Connector } from '#agent/connectors/connector.ts';
import { parseEnvironment } from '#agent/env.ts';
import type { LinkEvent } from '#agent/link/link-event.ts';
import { startAgent } from '#agent/main.ts';
import { openAgentConnector } from '#agent/open-connector.ts';
import { lowerLimits } from '#agent/policy/lower-limits.ts';
import { maskKey } from '#agent/policy/mask-key.ts';
import { requirePosture } from '#agent/require-posture.ts';
import { isCustardError } from '#core/errors.ts';
import { OPEN_POLICY, type Policy } from '#core/policy/policy.ts';
import { readPolicyFile } from '#core/policy/read-policy-file.ts';
import { unmatchedRules } from '#core/policy/unmatched.ts';
import { type Grade, strictest } from '#core/posture.ts';
import { DRAIN_MS } from '#core/protocol/limits.ts';
import { abortable } from '../abortable.ts';
import type { Environment } from '../config/directories.ts';
import type { GlobalFlags } from '../flags/global-flags.ts';
import { gradeWords } from '../output/posture.ts';
import { safeJson, safeLines } from '../output/safe.ts';
import type { RunContext } from '../run-context.ts';
import { checkAgent } from './check-agent.ts';

interface RunAgentOptions {
  readonly context: RunContext;
  readonly flags: GlobalFlags;
  /** On top of the environment, by the environment's names; secrets come from the environment only. */
  readonly overrides: Environment;
  /** Only find out whether the settings are complete, the database answers and its role is a good one. */
  readonly checkOnly: boolean;
  readonly version: string;
}

/** Time to close what is open once running queries have ended. */
const CLOSE_MS = 5_000;
const GRADE_MS = 15_000;

/** Runs an agent until it is told to stop, then lets running queries finish. Tells its state line by line. */
export async function runAgent({ context, flags, overrides, checkOnly, version }: RunAgentOptions): Promise<void> {
  const { interruption } = context;
  const given = Object.entries(overrides).filter(([, value]) => value !== undefined);
  const environment = parseEnvironment({ ...context.env, ...Object.fromEntries(given) });
  const { POLICY_FILE: file, MASK_KEY: secret } = environment;
  const policy = file === undefined ? OPEN_POLICY : await readPolicyFile(file);
  const connector = await openAgentConnector(environment, context.directory);
  const required = strictest(environment.REQUIRED_POSTURE ?? null, policy.posture);
  if (checkOnly) {
    await checkAgent({ context, flags, connector, required, policy }).finally(() => connector.close());
    return;
  }
  const tell = teller(context, flags);
  tell('role', await gradeRole(connector, { required, signal: interruption.signal }));
  if (file !== undefined) await tellPolicy(tell, { file, policy, connector, signal: interruption.signal });
  interruption.allowCleanUp(DRAIN_MS + CLOSE_MS);
  const starting = startAgent({
    url: environment.BACKEND_WEBSOCKET_URI,
    apiKey: environment.CUSTARD_API_KEY,
    connectionId: environment.CONNECTION_ID ?? null,
    agentVersion: version,
    connector,
    policy,
    maskKey: maskKey(secret),
    caps: lowerLimits(
      {
        rows: environment.MAX_RESULT_ROWS,
        bytes: environment.MAX_RESULT_BYTES,
        timeoutMs: environment.MAX_STATEMENT_MS,
      },
      policy.limits,
    ),
    onEvent: (event) => tell(event.state, sentence(event)),
  });
  const agent = await abortable(starting, interruption.signal);
  const stop = () => void agent.stop();
  interruption.signal.addEventListener('abort', stop, { once: true });
  await agent.ended;
  tell('stopped', 'Stopped.');
}

interface TellPolicyOptions {
  readonly file: string;
  readonly policy: Policy;
  readonly connector: Connector;
  readonly signal: AbortSignal;
}

/** What holds, and each rule that matches nothing: it protects nothing that is there today. */
async function tellPolicy(tell: Teller, { file, policy, connector, signal }: TellPolicyOptions): Promise<void> {
  tell('policy', `The policy in ${file} holds.`);
  try {
    const within = { signal: AbortSignal.any([signal, AbortSignal.timeout(GRADE_MS)]) };
    for (const rule of unmatchedRules(policy, (await connector.describe(within)).tables)) {
      tell('warning', `The policy's rule ${rule} matches nothing in this database.`);
    }
  } catch (error) {
    // The rules hold whether or not the catalogue could be looked at in time; what is wrong shows at the first question.
    if (!isCustardError(error)) throw error;
    tell('warning', `Whether the policy's rules match anything could not be looked at: ${error.message}`);
  }
}

interface GradeOptions {
  readonly required: Grade | null;
  readonly signal: AbortSignal;
}

/** The grade in a sentence. FORBIDDEN where it is worse than required; the connector is then closed. */
async function gradeRole(connector: Connector, { required, signal }: GradeOptions): Promise<string> {
  try {
    const posture = await connector.posture({ signal: AbortSignal.any([signal, AbortSignal.timeout(GRADE_MS)]) });
    requirePosture(posture, required);
    const words = `The database role is graded ${gradeWords(posture.grade)}`;
    return posture.grade === 'good'
      ? `${words}.`
      : `${words}: \`custard agent run --check\` tells what, and what to do.`;
  } catch (error) {
    await connector.close();
    throw error;
  }
}

function sentence(event: LinkEvent): string {
  switch (event.state) {
    case 'connecting':
      return `Connecting to ${event.url}`;
    case 'connected':
      return `Connected (session ${event.epoch}); waiting for questions.`;
    case 'disconnected': {
      const { code, message } = event.error;
      return `Disconnected: ${message} (${code}); trying again in ${(event.retryInMs / 1000).toFixed(1)} s.`;
    }
    case 'draining':
      return 'Finishing what is under way.';
    case 'bug':
      return `A query failed in a way that is a bug: ${event.error instanceof Error ? event.error.message : 'unknown'}`;
    default:
      return event satisfies never;
  }
}

/** Told in spite of --quiet. */
const LOUD: ReadonlySet<string> = new Set(['disconnected', 'bug', 'warning']);

/** A log, not progress: told off a terminal too. One JSON object per line with --json. */
type Teller = (state: string, text: string) => void;

function teller({ stderr, stdout }: RunContext, { json, quiet }: GlobalFlags): Teller {
  return (state, text) => {
    const time = new Date().toISOString();
    if (json) {
      const line = { schema: 'custard.agent-state/1', time, state, text };
      stdout.write(`${safeJson(JSON.stringify(line))}\n`);
    } else if (!quiet || LOUD.has(state)) {
      stderr.write(`${time} ${safeLines(text)}\n`);
    }
  };
}
