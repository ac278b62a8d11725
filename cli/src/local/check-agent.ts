import { type CustardError, ERRORS, isCustardError, toWireError } from '#core/errors.ts';
import { Exit } from '../exit.ts';
import type { GlobalFlags } from '../flags/global-flags.ts';
import { agentCheckText } from '../output/agent-check.ts';
import { envelope } from '../output/envelope.ts';
import { postureText } from '../output/posture.ts';
import { safeLines } from '../output/safe.ts';
import { type Sink, streamSink } from '../output/sink.ts';
import { styleFor } from '../output/style.ts';
import type { RunContext } from '../run-context.ts';
import type { AgentSource } from './agent/agent-setup.ts';
import { type AgentCheck, checkOneAgent } from './agent/check-one-agent.ts';

interface CheckAgentsOptions {
  readonly context: RunContext;
  readonly flags: GlobalFlags;
  readonly sources: readonly AgentSource[];
  /** The environment's, and no file's. */
  readonly isOne: boolean;
}

const CHECK_FAILED_STATUS = 8;

/**
 * Finds out, of each in turn, whether the database answers and what the role is worth; ends with status 8 where the
 * agent should not run as it, or with that of the first error.
 */
export async function checkAgents({ context, flags, sources, isOne }: CheckAgentsOptions): Promise<void> {
  const { signal } = context.interruption;
  const sink = streamSink(context.stdout, signal);
  const [only] = sources;
  if (isOne && only !== undefined) {
    const check = await checkOneAgent(only, signal);
    if (flags.json) await sink.write(envelope({ schema: 'custard.posture/1', data: asJson(check) }));
    else await print(check, { context, flags, sink });
    if (!check.suffices) throw new Exit(CHECK_FAILED_STATUS);
    return;
  }
  const statuses: number[] = [];
  const documents: object[] = [];
  for (const source of sources) {
    const found = await checkOneAgent(source, signal).catch(orThrow);
    signal.throwIfAborted();
    const isError = isCustardError(found);
    statuses.push(isError ? ERRORS[found.code].exit : found.suffices ? 0 : CHECK_FAILED_STATUS);
    if (flags.json) documents.push({ name: source.name, ...(isError ? { error: toWireError(found) } : asJson(found)) });
    else await printNamed(source.name ?? '', found, { context, flags, sink });
  }
  if (flags.json) await sink.write(envelope({ schema: 'custard.agent-checks/1', data: { checks: documents } }));
  const failed = statuses.find((status) => status !== 0);
  if (failed !== undefined) throw new Exit(failed);
}

/** What one entry fails with is told in its place; anything else is a bug. */
function orThrow(error: unknown): CustardError {
  if (isCustardError(error)) return error;
  throw error;
}

function asJson(check: AgentCheck): object {
  const { engine, posture, required, suffices, unmatched, schema, transport, limits, policy } = check;
  const { grade, findings, leastPrivilege } = posture;
  const { caps, concurrency } = limits;
  return {
    ...{ engine, grade, required, unmatched_rules: unmatched, suffices, findings, least_privilege: leastPrivilege },
    schema: { ...schema, notReadable: undefined, not_readable: schema.notReadable },
    transport: transport && { ...transport, isLocal: undefined, is_local: transport.isLocal },
    limits: {
      ...{ rows: caps.rows, bytes: caps.bytes, ms: caps.timeoutMs },
      ...{ statements: concurrency.statements, waiting: concurrency.waiting, wait_ms: concurrency.waitMs },
      sessions: concurrency.sessions,
    },
    policy,
  };
}

type Printing = Pick<CheckAgentsOptions, 'context' | 'flags'> & { readonly sink: Sink };

async function printNamed(name: string, found: AgentCheck | CustardError, printing: Printing): Promise<void> {
  const style = styleFor(printing.context.stdout, { color: !printing.flags['no-color'] });
  await printing.sink.write(`${style('bold', `── ${safeLines(name)}`)}\n`);
  if (!isCustardError(found)) return await print(found, printing);
  const { message, code, hint } = found;
  await printing.sink.write(`${style('red', '✗')} ${safeLines(message)} (${code})\n`);
  if (hint !== undefined) await printing.sink.write(`  ${safeLines(hint)}\n`);
}

async function print(check: AgentCheck, { context, flags, sink }: Printing): Promise<void> {
  const { stderr, stdout } = context;
  const { engine, posture, required, suffices, unmatched } = check;
  const { grade, leastPrivilege } = posture;
  const style = styleFor(stdout, { color: !flags['no-color'] });
  if (!flags.quiet) {
    const answers = `(${engine.dialect} ${safeLines(engine.version)})`;
    stderr.write(`The settings are complete and the database answers ${answers}.\n`);
  }
  await sink.write(postureText(posture, { columns: sink.columns, style }));
  await sink.write(`\n${agentCheckText(check, sink)}`);
  if (grade !== 'good') await sink.write(`\n${safeLines(leastPrivilege)}`);
  if (grade !== 'bad' && !suffices) stderr.write(`${required} is required: the agent would not start.\n`);
  for (const rule of unmatched) {
    stderr.write(`warning: the policy's rule ${safeLines(rule)} matches nothing in this database.\n`);
  }
}
