import type { Connector } from '#agent/connectors/connector.ts';
import { wholeSchema } from '#agent/connectors/whole-schema.ts';
import { type Policy, restrictsReads } from '#core/policy/policy.ts';
import { unmatchedRules } from '#core/policy/unmatched.ts';
import { type Grade, meetsGrade } from '#core/posture.ts';
import { Exit } from '../exit.ts';
import type { GlobalFlags } from '../flags/global-flags.ts';
import { envelope } from '../output/envelope.ts';
import { postureText } from '../output/posture.ts';
import { safeLines } from '../output/safe.ts';
import { streamSink } from '../output/sink.ts';
import { styleFor } from '../output/style.ts';
import type { RunContext } from '../run-context.ts';

interface CheckAgentOptions {
  readonly context: RunContext;
  readonly flags: GlobalFlags;
  /** Of the agent; closed by its owner. */
  readonly connector: Connector;
  /** What the agent's environment and its policy ask for. */
  readonly required: Grade | null;
  readonly policy: Policy;
}

const CHECK_MS = 30_000;
const CHECK_FAILED_STATUS = 8;

/** Finds out whether the database answers and what the role is worth; ends with status 8 where the agent should not run as it. */
export async function checkAgent({ context, flags, connector, required, policy }: CheckAgentOptions): Promise<void> {
  const { interruption, stdout, stderr } = context;
  const signal = AbortSignal.any([interruption.signal, AbortSignal.timeout(CHECK_MS)]);
  const { version } = await connector.ping({ signal });
  const posture = await connector.posture({ signal });
  const unmatched = restrictsReads(policy)
    ? unmatchedRules(policy, (await wholeSchema(connector, { signal })).tables)
    : [];
  const { grade, findings, leastPrivilege } = posture;
  const suffices = grade !== 'bad' && meetsGrade(grade, required ?? 'acceptable');
  const sink = streamSink(stdout, interruption.signal);
  if (flags.json) {
    const data = {
      engine: { dialect: connector.dialect, version },
      grade,
      required,
      unmatched_rules: unmatched,
      suffices,
      findings,
      least_privilege: leastPrivilege,
    };
    await sink.write(envelope({ schema: 'custard.posture/1', data }));
  } else {
    const style = styleFor(stdout, { color: !flags['no-color'] });
    if (!flags.quiet) {
      stderr.write(
        `The settings are complete and the database answers (${connector.dialect} ${safeLines(version)}).\n`,
      );
    }
    await sink.write(postureText(posture, { columns: sink.columns, style }));
    if (grade !== 'good') await sink.write(`\n${safeLines(leastPrivilege)}`);
    if (grade !== 'bad' && !suffices) stderr.write(`${required} is required: the agent would not start.\n`);
    for (const rule of unmatched) {
      stderr.write(`warning: the policy's rule ${safeLines(rule)} matches nothing in this database.\n`);
    }
  }
  if (!suffices) throw new Exit(CHECK_FAILED_STATUS);
}
