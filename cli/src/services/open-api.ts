import { CustardError } from '#core/errors.ts';
import { ApiClient } from '../api/api-client.ts';
import { fixedToken } from '../api/credentials.ts';
import { directories } from '../config/directories.ts';
import { type HostedTarget, type LocalTarget, requireTarget } from '../config/settings.ts';
import { credentialsOf } from '../credentials/credentials-of.ts';
import type { LocalStack } from '../local/local-stack.ts';
import type { Narrator } from '../output/narrator.ts';
import type { RunContext } from '../run-context.ts';
import type { Session } from './session.ts';

/** A control plane to talk to; disposing of it ends one that runs inside this process. */
export interface OpenedApi extends AsyncDisposable {
  readonly api: ApiClient;
  /** The connection to ask: the local database's, the one that was named, or the only one there is. */
  connectionId(): Promise<string>;
  /** What was read of files in a way that the user may not have meant; sentences. */
  readonly notes: readonly string[];
}

export async function openApi({ settings, context, flags, narrator }: Session): Promise<OpenedApi> {
  const { signal } = context.interruption;
  const target = requireTarget(settings);
  if (target.kind === 'hosted') {
    const api = new ApiClient({ url: target.url, credentials: credentialsOf(target, context), signal });
    return {
      api,
      connectionId: async () => settings.connection ?? onlyConnection(api),
      notes: [],
      async [Symbol.asyncDispose]() {},
    };
  }
  if (flags.connection !== undefined) throw isNoConnection();
  if (flags.db !== undefined && HAS_PASSWORD.test(flags.db)) {
    narrator.note(
      'The password in --db can be seen by other users of this machine; in PGPASSWORD, MYSQL_PWD or CUSTARD_DB it cannot.',
    );
  }
  const opened = await narrator.during(target.kind === 'files' ? 'read' : 'connect', () => openLocal(target, context));
  tellTables(opened.tables, narrator);
  return { ...opened, notes: opened.tables.flatMap(({ notes }) => notes) };
}

async function openLocal(
  target: LocalTarget,
  context: RunContext,
): Promise<Omit<OpenedApi, 'notes'> & { readonly tables: LocalStack['tables'] }> {
  const { signal } = context.interruption;
  const { targetSettings } = await import('../local/target-settings.ts');
  const input = await targetSettings(target, context);
  try {
    const { openLocalStack } = await import('../local/local-stack.ts');
    const { settings } = input;
    const { env, version } = context;
    const stack = await openLocalStack({ settings, dataDirectory: directories(env).data, env, version, signal });
    const api = new ApiClient({ url: stack.url, credentials: fixedToken(stack.token), signal });
    // What is known of a file's columns may be of the file as it was.
    if (target.kind === 'files') await api.refreshSchema(stack.connectionId);
    return {
      api,
      tables: stack.tables,
      connectionId: async () => stack.connectionId,
      async [Symbol.asyncDispose]() {
        await stack.close();
        await input[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await input[Symbol.asyncDispose]();
    throw error;
  }
}

const TOLD_TABLES = 10;

function tellTables(tables: LocalStack['tables'], narrator: Narrator): void {
  for (const { label, table, rows, columns } of tables.slice(0, TOLD_TABLES)) {
    const size = `${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'}, ${columns} ${columns === 1 ? 'column' : 'columns'}`;
    narrator.note(`${label} is the table ${table}: ${size}`);
  }
  if (tables.length > TOLD_TABLES) narrator.note(`and ${tables.length - TOLD_TABLES} more: schema list names them all`);
}

/** Asking one database where another one was named would be the worst of answers. */
function isNoConnection(): CustardError {
  return new CustardError(
    'USAGE',
    '-c names a connection of a Custard server, and a database or a file is named instead of one.',
    {
      hint: 'Leave -c out to ask that, or leave out --db, --file, CUSTARD_DB and db in .custard.toml and name the server with --api-url or CUSTARD_API_URL.',
    },
  );
}

const HAS_PASSWORD = /:\/\/[^/@:]*:[^@]+@/;

async function onlyConnection(api: ApiClient): Promise<string> {
  const connections = await api.connections();
  const [only] = connections;
  if (only !== undefined && connections.length === 1) return only.id;
  if (only === undefined) {
    throw new CustardError('USAGE', 'The server has no connection yet.', {
      hint: 'Make one: custard connections create NAME --kind postgres',
    });
  }
  throw new CustardError('USAGE', 'There are several connections, and none was named.', {
    hint: `Name one with -c or CUSTARD_CONNECTION: ${connections.map(({ name }) => name).join(', ')}.`,
  });
}

/** For what only a server has. */
export function openServerApi({ settings, context }: Pick<Session, 'settings' | 'context'>): ApiClient {
  const target = requireServer(settings);
  const { signal } = context.interruption;
  return new ApiClient({ url: target.url, credentials: credentialsOf(target, context), signal });
}

/** USAGE where no server is named, or a database is instead of one. */
export function requireServer(settings: Session['settings']): HostedTarget {
  const { target } = settings;
  if (target?.kind === 'hosted') return target;
  if (target === null) {
    throw new CustardError('USAGE', 'There is no server to ask yet.', {
      hint: 'Name a Custard server with --api-url or CUSTARD_API_URL, and log in: custard login --api-url https://custard.example.com',
    });
  }
  throw new CustardError('USAGE', 'This belongs to a Custard server, and a database is named instead of one.', {
    hint: 'Name the server with --api-url or CUSTARD_API_URL, and leave out --db, CUSTARD_DB and db in .custard.toml.',
  });
}
