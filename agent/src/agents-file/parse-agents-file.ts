import { dirname, resolve } from 'node:path';
import { CustardError } from '#core/errors.ts';
import { parseStrictYaml, type StrictYaml } from '#core/strict-yaml.ts';
import { SYSTEM_AUTHORITIES } from '../connectors/tls-files.ts';
import { type AgentEnvironment, checkEnvironment } from '../env.ts';
import { AgentsDocument, type EntrySetting, KEYS, settingsOf } from './document.ts';

/** One connection of the file. */
export interface AgentEntry {
  readonly name: string;
  readonly environment: AgentEnvironment;
}

interface ParseOptions {
  /** The file's path: what it names is looked for beside it. */
  readonly path: string;
  /** For what stands as ${NAME} in the file. */
  readonly env: NodeJS.ProcessEnv;
}

const HINT = 'docs/agent.md has the format, with an example.';

/**
 * The connections of an agents' file. All of it is right, or nothing is taken.
 * @throws CONFIG_INVALID with line and column of everything that is wrong; values are not repeated
 */
export function parseAgentsFile(text: string, { path, env }: ParseOptions): AgentEntry[] {
  const yaml = parseStrictYaml(text, {
    schema: AgentsDocument,
    ...{ called: `The agents' file ${path}`, hint: HINT, keys: KEYS },
  });
  const problems: string[] = [];
  const entries = yaml.data.connections.map((entry, index) => {
    const own = settingsOf(entry).map((setting) => ({ ...setting, path: ['connections', index, ...setting.path] }));
    const { backend } = yaml.data;
    const inherits = backend !== undefined && entry.backend === undefined;
    const settings = inherits ? [...own, { name: 'BACKEND_WEBSOCKET_URI', path: ['backend'], value: backend }] : own;
    const environment = readEntry(settings, { yaml, index, directory: dirname(path), env, problems });
    return { name: entry.name, environment };
  });
  problems.push(...duplicates(yaml));
  if (problems.length === 0) return entries.filter((entry): entry is AgentEntry => entry.environment !== null);
  throw new CustardError('CONFIG_INVALID', `The agents' file ${path} is not right: ${problems.join('; ')}.`, {
    hint: HINT,
  });
}

type PlacedSetting = Omit<EntrySetting, 'path'> & { readonly path: readonly (string | number)[] };

interface EntryContext {
  readonly yaml: StrictYaml<AgentsDocument>;
  readonly index: number;
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly problems: string[];
}

function readEntry(settings: readonly PlacedSetting[], context: EntryContext): AgentEnvironment | null {
  const { yaml, index, directory, env, problems } = context;
  const placed = new Map(settings.map(({ name, path }) => [name, path]));
  const values: NodeJS.ProcessEnv = {};
  const missing = new Set<string>();
  for (const { name, path, value } of settings) {
    const given = referenced(value, env);
    if (given === null) {
      missing.add(name);
      problems.push(`${yaml.place(path)}: ${path.join('.')} names a variable that the environment does not have`);
    } else {
      values[name] = isPath(name, given) ? resolve(directory, given) : given;
    }
  }
  if (![...PLACES, 'CUSTARD_CONNECTOR'].some((name) => values[name] !== undefined || missing.has(name))) {
    problems.push(
      `${yaml.place(['connections', index, 'database'])}: connections.${index}.database: expected url, url_file or host`,
    );
  }
  const checked = checkEnvironment(values);
  if (checked.environment !== null) return checked.environment;
  for (const { name, expected } of checked.problems) {
    if (missing.has(name)) continue;
    const path = placed.get(name) ?? ['connections', index];
    const word = placed.has(name) ? path.join('.') : `connections.${index}.${ENTRY_WORDS[name] ?? name}`;
    problems.push(`${yaml.place(path)}: ${word}: expected ${inWordsOfTheFile(expected)}`);
  }
  return null;
}

/** Settings that an entry may lack, by the file's word for them. */
const ENTRY_WORDS: Readonly<Record<string, string>> = {
  BACKEND_WEBSOCKET_URI: 'backend',
  AGENT_ID: 'agent_id',
  CUSTARD_API_KEY: 'key_file',
};

/** What is expected of a key, in the environment's words, and in the file's. */
const inWordsOfTheFile = (expected: string): string =>
  expected.startsWith('the agent key')
    ? 'the file that holds the agent key'
    : expected.replace('CUSTARD_API_KEY', 'key');

/** The whole of a value may be ${NAME}; any other text is taken as it is. Null where there is no such variable. */
function referenced(value: string, env: NodeJS.ProcessEnv): string | null {
  const name = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(value)?.[1];
  return name === undefined ? value : env[name] || null;
}

/** One of them says where the database is. */
const PLACES = ['DB_URL', 'DB_URL_FILE', 'DB_HOST'];

/** Settings that name a file: beside the agents' file, unless they say where. */
const isPath = (name: string, value: string): boolean =>
  (name === 'CUSTARD_CONNECTOR' && /^\.{1,2}[\\/]/.test(value)) ||
  (/_FILE$|^DB_SSL(?:ROOTCERT|CERT|KEY)$/.test(name) && !(name === 'DB_SSLROOTCERT' && value === SYSTEM_AUTHORITIES));

/** Two entries of one name could not be told apart in the log, two of one agent would take each other's place. */
function duplicates({ data, place }: StrictYaml<AgentsDocument>): string[] {
  return (['name', 'agent_id'] as const).flatMap((key) => {
    const seen = new Set<string>();
    return data.connections.flatMap((entry, index) => {
      const value = entry[key];
      if (value === undefined || !seen.has(value)) {
        if (value !== undefined) seen.add(value);
        return [];
      }
      return [`${place(['connections', index, key])}: connections.${index}.${key} is there twice`];
    });
  });
}
