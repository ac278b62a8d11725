import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse, TomlError } from 'smol-toml';
import { closest } from '#core/closest.ts';
import { CustardError } from '#core/errors.ts';
import { directories, type Environment } from './directories.ts';

/** What may be set; names as they stand in the file. */
const CONFIG_KEYS = ['api_url', 'token', 'connection', 'db', 'timeout', 'max_rows'] as const;
export type ConfigKey = (typeof CONFIG_KEYS)[number];
/** A file that came with somebody's project must not decide where questions and tokens go. */
const NOT_IN_A_PROJECT: readonly ConfigKey[] = ['api_url', 'token'];

export interface ConfigLayer {
  /** Where the values are from, to tell the user: a file's path, "the environment", "the command line". */
  readonly source: string;
  readonly values: Readonly<Partial<Record<ConfigKey, string>>>;
}

export const PROJECT_FILE = '.custard.toml';

export function userConfigPath(env: Environment): string {
  return join(directories(env).config, 'config.toml');
}

/** Null when there is no such file. CONFIG_INVALID names file, key and what is wrong. */
export function readConfigFile(path: string, { project }: { readonly project: boolean }): ConfigLayer | null {
  const text = readText(path);
  if (text === null) return null;
  const values: Partial<Record<ConfigKey, string>> = {};
  for (const [key, value] of Object.entries(parseToml(path, text))) {
    values[checkedKey(path, key, project)] = checkedValue(path, key, value);
  }
  if (values.token !== undefined) refuseSharedToken(path);
  return { source: path, values };
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw new CustardError('CONFIG_INVALID', `Cannot read ${path}.`, {
      hint: 'Make it readable, or remove it.',
      cause: error,
    });
  }
}

function parseToml(path: string, text: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new CustardError(
      'CONFIG_INVALID',
      `${path} is not valid TOML (line ${error.line}, column ${error.column}).`,
      {
        hint: 'Write one setting per line, for example: connection = "shop"',
        cause: error,
      },
    );
  }
}

function checkedKey(path: string, key: string, project: boolean): ConfigKey {
  const known = CONFIG_KEYS.find((name) => name === key);
  if (known === undefined) {
    const meant = closest(key, CONFIG_KEYS);
    throw new CustardError('CONFIG_INVALID', `${path} sets "${key}", which is no setting of Custard's.`, {
      hint: meant === null ? `Settings are: ${CONFIG_KEYS.join(', ')}.` : `Did you mean "${meant}"?`,
    });
  }
  if (project && NOT_IN_A_PROJECT.includes(known)) {
    throw new CustardError('CONFIG_INVALID', `${path} sets "${key}", which a project's file may never do.`, {
      hint: `Remove it there; set it in your own configuration file or in the environment.`,
    });
  }
  return known;
}

function checkedValue(path: string, key: string, value: unknown): string {
  if (typeof value === 'string' || (key === 'max_rows' && typeof value === 'number')) return String(value);
  throw new CustardError('CONFIG_INVALID', `${path}: "${key}" has to be text in quotes.`, {
    hint: `Write: ${key} = "…"`,
  });
}

function refuseSharedToken(path: string): void {
  const mode = statSync(path).mode & 0o077;
  if (mode === 0 || process.platform === 'win32') return;
  throw new CustardError('CONFIG_INVALID', `${path} holds a token and other users may open the file.`, {
    hint: `Run: chmod 600 ${path}`,
  });
}
