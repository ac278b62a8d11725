import { Exit } from '../exit.ts';
import { envelope } from '../output/envelope.ts';
import { safe, safeLines } from '../output/safe.ts';
import { streamSink } from '../output/sink.ts';
import { type Style, styleFor } from '../output/style.ts';
import type { RunContext } from '../run-context.ts';
import { checkAll, type Finding } from './doctor-checks.ts';
import type { SessionFlags } from './session.ts';

interface DoctorOptions {
  readonly context: RunContext;
  readonly flags: SessionFlags;
}

const CHECK_FAILED_STATUS = 8;

const MARKS = {
  ok: { colour: 'green', sign: '✓' },
  warn: { colour: 'yellow', sign: '!' },
  fail: { colour: 'red', sign: '✗' },
} as const;

/** Prints what each check found; ends with status 8 when one failed. */
export async function doctor({ context, flags }: DoctorOptions): Promise<void> {
  const sink = streamSink(context.stdout, context.interruption.signal);
  const style = styleFor(context.stdout, { color: !flags['no-color'] });
  const findings: Finding[] = [];
  for await (const finding of checkAll({ context, flags })) {
    findings.push(finding);
    if (!flags.json) await sink.write(findingText(finding, style));
  }
  if (!flags.json) {
    for (const { remedy } of findings) if (remedy !== undefined) await sink.write(`\n${safeLines(remedy)}`);
  }
  const healthy = findings.every(({ status }) => status !== 'fail');
  if (flags.json) await sink.write(envelope({ schema: 'custard.doctor/1', data: { healthy, checks: findings } }));
  if (!healthy) throw new Exit(CHECK_FAILED_STATUS);
}

function findingText({ check, status, detail, advice }: Finding, style: Style): string {
  const { colour, sign } = MARKS[status];
  const line = `${style(colour, `${sign} ${status.padEnd(4)}`)} ${check}: ${safe(detail)}\n`;
  return advice === null ? line : `${line}       ${safe(advice)}\n`;
}
