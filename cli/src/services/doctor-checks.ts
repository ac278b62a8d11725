import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { type CustardError, isCustardError } from '#core/errors.ts';
import type { Posture } from '#core/posture.ts';
import { ApiClient } from '../api/api-client.ts';
import { PROJECT_FILE, userConfigPath } from '../config/config-file.ts';
import { directories } from '../config/directories.ts';
import { type HostedTarget, type LocalTarget, resolveSettings, type Settings } from '../config/settings.ts';
import { credentialsOf } from '../credentials/credentials-of.ts';
import { gradeWords } from '../output/posture.ts';
import type { RunContext } from '../run-context.ts';
import type { SessionFlags } from './session.ts';

export interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** What to do; null where all is well. */
  readonly advice: string | null;
  /** What to paste, where there is such a thing: SQL, or commands for a shell. */
  readonly remedy?: string;
}

interface CheckOptions {
  readonly context: RunContext;
  readonly flags: SessionFlags;
}

const MINIMUM_NODE = 24;
const NETWORK_CHECK_MS = 5_000;

/** Looks at everything a question needs, one after the other; a failed check never keeps the others from running. */
export async function* checkAll({ context, flags }: CheckOptions): AsyncGenerator<Finding> {
  yield checkNode();
  const { finding, settings } = checkConfiguration({ context, flags });
  yield finding;
  yield await checkDataDirectory(context);
  const target = settings?.target ?? null;
  if (target === null) return;
  if (target.kind === 'hosted') yield* checkServer(target, context);
  else yield* checkLocal(target, context);
}

function checkNode(): Finding {
  const { node } = process.versions;
  const isNewEnough = Number.parseInt(node, 10) >= MINIMUM_NODE;
  return isNewEnough
    ? ok('node', `Node ${node}`)
    : fail('node', `Node ${node}`, `Install Node ${MINIMUM_NODE} or newer.`);
}

function checkConfiguration({ context, flags }: CheckOptions): { finding: Finding; settings: Settings | null } {
  const { env, directory } = context;
  try {
    const settings = resolveSettings({
      env,
      directory,
      files: flags.file,
      flags: { db: flags.db, api_url: flags['api-url'], connection: flags.connection },
    });
    const sources = settings.layers.map(({ source }) => source).join(', ');
    if (settings.target === null) {
      const advice = `Name a database with --db or CUSTARD_DB, or a server with CUSTARD_API_URL or in ${userConfigPath(env)}.`;
      return { finding: warn('configuration', 'neither a server nor a database is named', advice), settings };
    }
    const where =
      settings.target.kind === 'hosted'
        ? `server ${settings.target.url.origin}`
        : `${settings.target.kind === 'files' ? 'files' : 'a database'}, with no server`;
    return { finding: ok('configuration', `${where} (from ${sources})`), settings };
  } catch (error) {
    return {
      finding: failed('configuration', error, `Look at ${userConfigPath(env)} and ${PROJECT_FILE}.`),
      settings: null,
    };
  }
}

async function checkDataDirectory({ env }: RunContext): Promise<Finding> {
  const { data } = directories(env);
  try {
    await mkdir(data, { recursive: true, mode: 0o700 });
    await access(data, constants.W_OK | constants.X_OK);
    return ok('data folder', data);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'not writable';
    return fail('data folder', `${data}: ${reason}`, 'Make it writable, or set XDG_DATA_HOME to a folder that is.');
  }
}

async function* checkServer(target: HostedTarget, context: RunContext): AsyncGenerator<Finding> {
  const api = new ApiClient({
    url: target.url,
    credentials: credentialsOf(target, context),
    signal: context.interruption.signal,
  });
  try {
    await api.ready({ timeoutMs: NETWORK_CHECK_MS });
    yield isPrivate(target.url)
      ? ok('server', `${target.url.origin} is ready`)
      : warn('server', `${target.url.origin} is ready, but over plain http`, 'Use https: the token travels in clear.');
  } catch (error) {
    yield failed('server', error, 'Check the address and that the server runs.');
    return;
  }
  try {
    const connections = await api.connections();
    yield ok('token', 'the server accepts it');
    const away = connections.filter(({ status }) => status !== 'CONNECTED').map(({ name }) => name);
    if (connections.length === 0) {
      yield warn('connections', 'none yet', 'custard connections create NAME --kind postgres');
    } else if (away.length > 0) {
      yield warn('connections', `no agent for ${away.join(', ')}`, 'Start it: custard connections agent-command NAME');
    } else {
      yield ok('connections', `${connections.length}, with their agents`);
    }
  } catch (error) {
    yield failed('token', error, 'Log in: custard login. Or set CUSTARD_TOKEN to a token of this server.');
  }
}

const isPrivate = (url: URL): boolean =>
  url.protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);

async function* checkLocal(target: LocalTarget, context: RunContext): AsyncGenerator<Finding> {
  try {
    const { checkDatabase } = await import('../local/check-database.ts');
    const { signal } = context.interruption;
    const { dialect, version, posture } = await checkDatabase({ target, context, signal });
    yield ok('database', `${dialect} ${version}`);
    yield checkRole(posture);
  } catch (error) {
    context.interruption.signal.throwIfAborted();
    yield failed('database', error, 'Check the URL, and that the database takes connections from here.');
  }
  yield checkModel(context);
}

/** A bad role keeps no question from its answer, so it is no failure here; `agent run --check` makes it one. */
function checkRole({ grade, findings, leastPrivilege }: Posture): Finding {
  const [worst, ...others] = findings.filter(({ severity }) => severity !== 'info');
  if (worst === undefined) return ok('role', gradeWords(grade));
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  const finding = warn('role', `${gradeWords(grade)}: ${worst.message}${more}`, worst.hint);
  return { ...finding, remedy: leastPrivilege };
}

function checkModel({ env }: RunContext): Finding {
  if (env['OPENAI_API_KEY'] || env['OPENAI_BASE_URL']) {
    return ok('model', env['OPENAI_MODEL'] ? `${env['OPENAI_MODEL']} answers` : 'a model is configured');
  }
  const advice = 'For freer questions set OPENAI_API_KEY, or OPENAI_BASE_URL for a model of your own.';
  return warn('model', 'none: the builtin planner answers what it can be certain of', advice);
}

const ok = (check: string, detail: string): Finding => ({ check, status: 'ok', detail, advice: null });
const warn = (check: string, detail: string, advice: string): Finding => ({ check, status: 'warn', detail, advice });
const fail = (check: string, detail: string, advice: string): Finding => ({ check, status: 'fail', detail, advice });

/** A bug is not a finding: it goes on as what it is. */
function failed(check: string, error: unknown, advice: string): Finding {
  if (!isCustardError(error)) throw error;
  const { message, hint }: CustardError = error;
  return fail(check, message, hint ?? advice);
}
