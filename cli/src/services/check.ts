import { DIALECTS, type Dialect } from '#core/dialects.ts';
import { CustardError, ERRORS, isCustardError } from '#core/errors.ts';
import { denied } from '#core/guard/refusal.ts';
import type { Guard, Verdict } from '#core/guard/verdict.ts';
import { resolveSettings } from '../config/settings.ts';
import { Exit } from '../exit.ts';
import type { GlobalFlags } from '../flags/global-flags.ts';
import { envelope } from '../output/envelope.ts';
import { createNarrator } from '../output/narrator.ts';
import { streamSink } from '../output/sink.ts';
import { styleFor } from '../output/style.ts';
import { verdictBody, verdictText } from '../output/verdict.ts';
import type { RunContext } from '../run-context.ts';
import { checkBatch } from './check-batch.ts';
import { loadJudge } from './load-judge.ts';
import { statementText } from './statement-text.ts';

interface CheckFlags extends GlobalFlags {
  readonly dialect?: Dialect | undefined;
  readonly db?: string | undefined;
  readonly 'statement-file'?: string | undefined;
  readonly batch?: string | undefined;
  readonly policy?: string | undefined;
}

interface CheckOptions {
  readonly context: RunContext;
  readonly flags: CheckFlags;
  readonly statement: string | undefined;
}

const EXAMPLE = 'custard check --dialect postgres "SELECT count(*) FROM orders"';

/** Prints the guard's verdict on one statement, and ends with its code's status; or the verdicts on a batch. */
export async function check({ context, flags, statement }: CheckOptions): Promise<void> {
  const dialect = flags.dialect ?? (await configuredDialect(context, flags.db));
  const load = () => loadJudge({ dialect, policyFile: flags.policy });
  if (flags.batch === undefined) return checkOne({ context, flags, statement, dialect, load });
  if (statement !== undefined) {
    throw new CustardError('USAGE', 'There is a statement and a batch of them.', { hint: 'Give one of them.' });
  }
  const color = !flags['no-color'];
  const tally = await checkBatch({ context, path: flags.batch, load, color });
  createNarrator(context, { ...flags, color }).note(`${tally.allowed} allowed, ${tally.denied} denied`);
  if (tally.unreadable > 0) throw new Exit(ERRORS.USAGE.exit);
}

/** Of the database that would be asked. */
async function configuredDialect({ env, directory }: RunContext, db: string | undefined): Promise<Dialect> {
  const { target } = resolveSettings({ env, directory, flags: { db } });
  if (target?.kind === 'database') return (await import('../local/dialect-of.ts')).dialectOf(target.databaseUrl);
  throw new CustardError('USAGE', 'Nothing says which dialect the statement is written in.', {
    hint: `Give --dialect with one of ${DIALECTS.join(', ')}, or the database with --db URL.`,
  });
}

async function checkOne(
  options: CheckOptions & { readonly dialect: Dialect; readonly load: () => Promise<Guard> },
): Promise<void> {
  const { context, flags, statement: given, dialect, load } = options;
  const { statement, verdict } = await judge(load, () =>
    statementText({ context, statement: given, file: flags['statement-file'], example: EXAMPLE }),
  );
  const sink = streamSink(context.stdout, context.interruption.signal);
  if (flags.json) {
    const { hint = null, where = null } = verdict.verdict === 'deny' ? verdict : {};
    const data = { ...verdictBody(verdict), hint, where, dialect };
    await sink.write(envelope({ schema: 'custard.verdict/1', data }));
  } else {
    const style = styleFor(context.stdout, { color: !flags['no-color'] });
    await sink.write(verdictText({ verdict, statement, dialect, columns: sink.columns, style }));
  }
  if (verdict.verdict === 'deny') throw new Exit(ERRORS[verdict.code].exit);
}

/** A statement that is too large to be read whole is refused as the guard refuses one. */
async function judge(
  load: () => Promise<Guard>,
  read: () => Promise<string>,
): Promise<{ statement: string; verdict: Verdict }> {
  try {
    const statement = await read();
    return { statement, verdict: await (await load()).check(statement) };
  } catch (error) {
    if (!isCustardError(error) || error.code !== 'STATEMENT_TOO_LARGE') throw error;
    return { statement: '', verdict: denied(error.code, error.message, { hint: error.hint }) };
  }
}
