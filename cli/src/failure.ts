import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CustardError, ERRORS, isCustardError } from '#core/errors.ts';
import { directories } from './config/directories.ts';
import { Exit } from './exit.ts';
import { errorEnvelope, errorEvent, requestIdOf } from './output/envelope.ts';
import { safeLines } from './output/safe.ts';
import { styleFor } from './output/style.ts';
import type { Surroundings } from './run-context.ts';

interface FailureOptions {
  readonly surroundings: Surroundings;
  readonly argv: readonly string[];
}

/** Tells an error in the form that was asked for; resolves to the exit status. */
export async function reportFailure(thrown: unknown, { surroundings, argv }: FailureOptions): Promise<number> {
  const { interruption, stdout, stderr } = surroundings;
  if (interruption.cause === 'SIGPIPE') return ERRORS.QUERY_CANCELED.exit;
  if (thrown instanceof Exit) return thrown.status;
  const error = await known(thrown, surroundings);
  const requestId = requestIdOf(error);
  // A standard output that took no data takes no error either
  const form = interruption.isOutputBroken ? 'text' : errorForm(argv);
  if (form === 'json') stdout.write(errorEnvelope(error, requestId));
  // After a clarify event, which ends the stream, there is nothing more to tell
  if (form === 'ndjson' && error.code !== 'CLARIFICATION_NEEDED') stdout.write(errorEvent(error, requestId));
  if (form !== 'json') {
    const style = styleFor(stderr, { color: !argv.includes('--no-color') });
    const lines =
      interruption.cause === null
        ? [
            `${style('red', 'error:')} ${safeLines(error.message)} ${style('dim', `(${error.code})`)}`,
            ...adviceOf(error),
            ...(requestId === undefined ? [] : [style('dim', `request ${safeLines(requestId)}`)]),
          ]
        : [error.message];
    stderr.write(`${lines.join('\n')}\n`);
  }
  if (argv.includes('--debug')) stderr.write(`${safeLines(withoutPasswords(inspectChain(thrown)))}\n`);
  return ERRORS[error.code].exit;
}

/** Where in the statement, and what to do. */
function adviceOf({ details: { where }, hint }: CustardError): readonly string[] {
  const place = where === undefined ? [] : [`Line ${where.line}, column ${where.column}.`];
  const advice = [...place, ...(hint === undefined ? [] : [safeLines(hint)])];
  return advice.length === 0 ? [] : [advice.join(' ')];
}

async function known(thrown: unknown, surroundings: Surroundings): Promise<CustardError> {
  if (isCustardError(thrown)) return thrown;
  const path = await writeReport(thrown, surroundings);
  return new CustardError('INTERNAL', 'Something went wrong inside Custard: this is a bug.', {
    hint: `What is known of it is in ${path}, without passwords and keys. Please report it.`,
    cause: thrown,
  });
}

/** How errors are told is needed before flags are parsed: a wrong flag is an error too. */
function errorForm(argv: readonly string[]): 'text' | 'json' | 'ndjson' {
  const end = argv.indexOf('--');
  const given = end === -1 ? argv : argv.slice(0, end);
  const formats = given.flatMap((arg, i) => {
    if (arg === '-o' || arg === '--format') return [given[i + 1]];
    return /^(?:-o|--format=)(.+)$/.exec(arg)?.slice(1, 2) ?? [];
  });
  if (given.includes('--json') || formats.includes('json')) return 'json';
  return formats.includes('ndjson') ? 'ndjson' : 'text';
}

async function writeReport(thrown: unknown, { env }: Surroundings): Promise<string> {
  const name = `report-${new Date().toISOString().replaceAll(':', '-')}-${randomBytes(3).toString('hex')}.txt`;
  const text = [
    `time: ${new Date().toISOString()}`,
    `node: ${process.version} ${process.platform}-${process.arch}`,
    '',
    withoutPasswords(inspectChain(thrown)),
    '',
  ].join('\n');
  for (const folder of [directories(env).state, tmpdir()]) {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(join(folder, name), text, { mode: 0o600, flag: 'wx' });
      return join(folder, name);
    } catch {
      // The next folder may be writable; without any, the sentence below says so
    }
  }
  return 'no file, as none can be written (--debug prints it)';
}

/** The stacks of an error and its causes. */
function inspectChain(thrown: unknown): string {
  const stacks: string[] = [];
  for (let error: unknown = thrown; error !== undefined && stacks.length < 8; ) {
    stacks.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    error = error instanceof Error ? error.cause : undefined;
  }
  return stacks.join('\ncaused by: ');
}

const withoutPasswords = (text: string): string =>
  text
    .replace(/(:\/\/[^:/@\s]*:)\S*@/g, '$1***@')
    .replace(/(custard_|crt_)[\w-]+/g, '$1***')
    .replace(/\beyJ[\w-]+\.[\w.-]+/g, 'eyJ***');
