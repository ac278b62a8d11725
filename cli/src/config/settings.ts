import { join } from 'node:path';
import { CustardError } from '#core/errors.ts';
import { type ConfigKey, type ConfigLayer, PROJECT_FILE, readConfigFile, userConfigPath } from './config-file.ts';
import type { Environment } from './directories.ts';
import { parseApiUrl } from './parse-values.ts';

/** Which control plane answers: one that runs somewhere, or one inside this process, about a database or about files of data. */
export type Target = HostedTarget | LocalTarget;

/** The token is null where none is set: then what `custard login` left counts. */
export type HostedTarget = { readonly kind: 'hosted'; readonly url: URL; readonly token: string | null };

export type LocalTarget =
  | { readonly kind: 'database'; readonly databaseUrl: string }
  /** `-` is standard input. */
  | { readonly kind: 'files'; readonly paths: readonly string[] };

export interface Settings {
  /** Null when neither a server nor a database is named anywhere. */
  readonly target: Target | null;
  readonly connection: string | null;
  readonly timeout: string | null;
  readonly maxRows: string | null;
  /** The layers that had something to say, the strongest first. */
  readonly layers: readonly ConfigLayer[];
}

interface SettingsOptions {
  readonly flags: Readonly<Partial<Record<ConfigKey, string | undefined>>>;
  /** Named on the command line, before which nothing else counts. */
  readonly files?: readonly string[] | undefined;
  readonly env: Environment;
  readonly directory: string;
}

/** Command line over environment over project file over user file. */
export function resolveSettings(options: SettingsOptions): Settings {
  const layers = [
    layer('the command line', options.flags) ?? named(options.files),
    layer('the environment', fromEnvironment(options.env)),
    readConfigFile(join(options.directory, PROJECT_FILE), { project: true }),
    readConfigFile(userConfigPath(options.env), { project: false }),
  ].filter((found) => found !== null);
  const value = (key: ConfigKey): string | null =>
    layers.find(({ values }) => values[key] !== undefined)?.values[key] ?? null;
  return {
    target: filesTarget(options) ?? resolveTarget(layers, value('token')),
    connection: value('connection'),
    timeout: value('timeout'),
    maxRows: value('max_rows'),
    layers,
  };
}

function filesTarget({ files = [], flags }: SettingsOptions): Target | null {
  if (files.length === 0) return null;
  const other = [flags.db && '--db', flags.api_url && '--api-url'].find((name) => name);
  if (other) {
    throw new CustardError('USAGE', `--file and ${other} exclude each other.`, {
      hint: '--file asks files of data; --db asks a database, --api-url a Custard server.',
    });
  }
  return { kind: 'files', paths: files };
}

/** The strongest layer that names a server or a database decides; naming both on the command line is a contradiction. */
function resolveTarget(layers: readonly ConfigLayer[], token: string | null): Target | null {
  for (const { source, values } of layers) {
    if (values.db !== undefined && values.api_url !== undefined && source === 'the command line') {
      throw new CustardError('USAGE', '--db and --api-url exclude each other.', {
        hint: '--db asks a database directly, --api-url asks a Custard server.',
      });
    }
    if (values.db !== undefined) return { kind: 'database', databaseUrl: values.db };
    if (values.api_url !== undefined) return { kind: 'hosted', url: parseApiUrl(values.api_url, source), token };
  }
  return null;
}

export function requireTarget({ target }: Settings): Target {
  if (target !== null) return target;
  throw new CustardError('USAGE', 'There is no database to ask yet.', {
    hint:
      'Name one with --db postgres://user@host/database, --db sqlite:FILE or --db duckdb:FILE (or CUSTARD_DB), a file with --file FILE, ' +
      'or a Custard server with --api-url (or CUSTARD_API_URL). To only try it: custard demo',
  });
}

function fromEnvironment(env: Environment): Partial<Record<ConfigKey, string | undefined>> {
  return {
    api_url: env['CUSTARD_API_URL'],
    token: env['CUSTARD_TOKEN'],
    connection: env['CUSTARD_CONNECTION'],
    db: env['CUSTARD_DB'],
    timeout: env['CUSTARD_TIMEOUT'],
    max_rows: env['CUSTARD_MAX_ROWS'],
  };
}

/** Files are no setting, but they decide what is asked. */
const named = (files: readonly string[] = []): ConfigLayer | null =>
  files.length === 0 ? null : { source: 'the command line', values: {} };

/** An empty value counts as not given: that is what an unset variable becomes in many a script. */
function layer(source: string, given: Readonly<Partial<Record<ConfigKey, string | undefined>>>): ConfigLayer | null {
  const values = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== ''));
  return Object.keys(values).length === 0 ? null : { source, values };
}
