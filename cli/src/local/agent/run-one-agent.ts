import { wholeSchema } from '#agent/connectors/whole-schema.ts';
import { untilReachable } from '#agent/health/until-reachable.ts';
import { startAgent } from '#agent/main.ts';
import { maskKey } from '#agent/policy/mask-key.ts';
import { requirePosture } from '#agent/require-posture.ts';
import { isCustardError } from '#core/errors.ts';
import { unmatchedRules } from '#core/policy/unmatched.ts';
import { abortable } from '../../abortable.ts';
import { gradeWords } from '../../output/posture.ts';
import type { AgentLog } from './agent-log.ts';
import { type AgentSetup, type AgentSource, setUp } from './agent-setup.ts';
import { lineOf } from './tell-event.ts';

interface RunOneOptions {
  readonly source: AgentSource;
  readonly log: AgentLog;
  readonly signal: AbortSignal;
  readonly version: string;
}

const GRADE_MS = 15_000;

/** Serves one connection until the signal, and then finishes what is under way. Rejects with what ends it before. */
export async function runOneAgent({ source, log, signal, version }: RunOneOptions): Promise<void> {
  const starting = untilReachable(() => setUpAndStart(source, { log, signal, version }), {
    signal,
    onWait({ code, message }, retryInMs) {
      const retry = (retryInMs / 1000).toFixed(1);
      const text = `The database is not there yet: ${message} (${code}); trying again in ${retry} s.`;
      log({ level: 'warn', state: 'waiting', text, fields: { code, retry_in_ms: retryInMs } });
    },
  });
  const agent = await abortable(starting, signal);
  signal.addEventListener('abort', () => void agent.stop(), { once: true });
  await agent.ended;
  log({ level: 'info', state: 'stopped', text: 'Stopped.' });
}

type StartOptions = Omit<RunOneOptions, 'source'>;

/** Anew for each try: what the settings name (a password's file, a policy) may have changed since the last. */
async function setUpAndStart(source: AgentSource, options: StartOptions): ReturnType<typeof startAgent> {
  const setup = await setUp(source);
  try {
    return await start(setup, options);
  } catch (error) {
    await setup.connector.close();
    throw error;
  }
}

/** From a database that answers to an agent that dials. */
async function start(setup: AgentSetup, { log, signal, version }: StartOptions): ReturnType<typeof startAgent> {
  const { environment, apiKey, connector, policy, filter, caps, concurrency } = setup;
  await grade(setup, { log, signal });
  if (environment.POLICY_FILE !== undefined) {
    log({ level: 'info', state: 'policy', text: `The policy in ${environment.POLICY_FILE} holds.` });
    await tellUnmatched(setup, { log, signal });
  }
  return await startAgent({
    url: environment.BACKEND_WEBSOCKET_URI,
    ...{ apiKey, connector, policy, filter, caps, concurrency },
    connectionId: environment.CONNECTION_ID ?? null,
    agentVersion: version,
    healthEveryMs: environment.HEALTH_EVERY_MS,
    maskKey: maskKey(environment.MASK_KEY),
    onEvent: (event) => log(lineOf(event)),
  });
}

type Telling = Pick<StartOptions, 'log' | 'signal'>;

/** FORBIDDEN where the role's grade is worse than required. */
async function grade({ connector, required }: AgentSetup, { log, signal }: Telling): Promise<void> {
  const posture = await connector.posture({ signal: AbortSignal.any([signal, AbortSignal.timeout(GRADE_MS)]) });
  requirePosture(posture, required);
  const words = `The database role is graded ${gradeWords(posture.grade)}`;
  const text =
    posture.grade === 'good' ? `${words}.` : `${words}: \`custard agent run --check\` tells what, and what to do.`;
  log({ level: 'info', state: 'role', text, fields: { grade: posture.grade } });
}

/** Each rule that matches nothing: it protects nothing that is there today. */
async function tellUnmatched({ connector, policy }: AgentSetup, { log, signal }: Telling): Promise<void> {
  const warn = (text: string): void => log({ level: 'warn', state: 'warning', text });
  try {
    const within = { signal: AbortSignal.any([signal, AbortSignal.timeout(GRADE_MS)]) };
    for (const rule of unmatchedRules(policy, (await wholeSchema(connector, within)).tables)) {
      warn(`The policy's rule ${rule} matches nothing in this database.`);
    }
  } catch (error) {
    // The rules hold whether or not the catalogue could be looked at in time; what is wrong shows at the first question.
    if (!isCustardError(error) || error.code === 'DATABASE_UNREACHABLE') throw error;
    warn(`Whether the policy's rules match anything could not be looked at: ${error.message}`);
  }
}
