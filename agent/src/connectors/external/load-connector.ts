import { createRequire } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConnectorDialect } from '#core/dialects.ts';
import type { Connector } from '../connector.ts';
import { checkedConnector } from './checked-connector.ts';
import type { DatabaseEnvironment } from './connector-module.ts';
import { unusable } from './wrong-answer.ts';

interface LoadOptions {
  /** A package's name, or the path of a file: one that begins with `/`, `./` or `../`. */
  readonly from: string;
  /** Where paths begin and packages are looked for first. */
  readonly directory: string;
}

interface LoadedConnector {
  readonly dialect: ConnectorDialect;
  open(database: DatabaseEnvironment): Promise<Connector>;
}

const MOST_NAMES = 8;

/** Loads a connector that is not ours. CONFIG_INVALID says what is not right with it. */
export async function loadConnector({ from, directory }: LoadOptions): Promise<LoadedConnector> {
  const loaded = await load(from, directory);
  const exported: unknown = loaded['connector'];
  if (!(exported instanceof Object)) {
    const names = Object.keys(loaded);
    const more = names.length > MOST_NAMES ? ', …' : '';
    const there = names.length === 0 ? 'nothing' : `${names.slice(0, MOST_NAMES).join(', ')}${more}`;
    throw unusable(from, `it exports no "connector" (it exports ${there}).`);
  }
  const [api, dialect, open] = ['api', 'dialect', 'open'].map((name): unknown => Reflect.get(exported, name));
  if (api !== 1) throw unusable(from, 'its "connector" has no "api: 1", the one contract that this version knows.');
  const known = ConnectorDialect.safeParse(dialect);
  if (!known.success) {
    throw unusable(from, `its "dialect" is none that there is a guard for: ${ConnectorDialect.options.join(', ')}.`);
  }
  if (typeof open !== 'function') throw unusable(from, 'its "connector" has no function "open".');
  return {
    dialect: known.data,
    open: async (database) => checkedConnector(await open.call(exported, database), { dialect: known.data, from }),
  };
}

async function load(from: string, directory: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(urlOf(from, directory));
  } catch (cause) {
    const [said = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    // Which file of ours asked for it tells nobody anything.
    const why = said.replace(/ imported from \S*load-connector\S*$/, '');
    throw unusable(from, `it cannot be loaded: ${why}${why.endsWith('.') ? '' : '.'}`, cause);
  }
}

/** A package that is installed beside Custard, and not in the folder, is found by its name alone. */
function urlOf(from: string, directory: string): string {
  if (isAbsolute(from) || /^\.{1,2}[\\/]/.test(from)) return pathToFileURL(resolve(directory, from)).href;
  try {
    return pathToFileURL(createRequire(join(directory, 'package.json')).resolve(from)).href;
  } catch {
    return from;
  }
}
