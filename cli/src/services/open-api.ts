import { CustardError } from '#core/errors.ts';
import { ApiClient } from '../api/api-client.ts';
import { directories } from '../config/directories.ts';
import { requireTarget } from '../config/settings.ts';
import type { Session } from './session.ts';

/** A control plane to talk to; disposing of it ends one that runs inside this process. */
export interface OpenedApi extends AsyncDisposable {
  readonly api: ApiClient;
  /** The connection to ask: the local database's, the one that was named, or the only one there is. */
  connectionId(): Promise<string>;
}

export async function openApi({ settings, context, flags, narrator }: Session): Promise<OpenedApi> {
  const { signal } = context.interruption;
  const target = requireTarget(settings);
  if (target.kind === 'hosted') {
    const api = new ApiClient({ url: target.url, token: target.token, signal });
    return {
      api,
      connectionId: async () => settings.connection ?? onlyConnection(api),
      async [Symbol.asyncDispose]() {},
    };
  }
  if (flags.connection !== undefined) throw isNoConnection();
  if (flags.db !== undefined && HAS_PASSWORD.test(flags.db)) {
    narrator.note(
      'The password in --db can be seen by other users of this machine; in PGPASSWORD, MYSQL_PWD or CUSTARD_DB it cannot.',
    );
  }
  const stack = await narrator.during('connect', async () => {
    const { openLocalStack } = await import('../local/local-stack.ts');
    return openLocalStack({
      databaseUrl: target.databaseUrl,
      dataDirectory: directories(context.env).data,
      env: context.env,
      version: context.version,
      signal,
    });
  });
  return {
    api: new ApiClient({ url: stack.url, token: stack.token, signal }),
    connectionId: async () => stack.connectionId,
    [Symbol.asyncDispose]: () => stack.close(),
  };
}

/** Asking one database where another one was named would be the worst of answers. */
function isNoConnection(): CustardError {
  return new CustardError(
    'USAGE',
    '-c names a connection of a Custard server, and a database is named instead of one.',
    {
      hint: 'Leave -c out to ask the database, or leave out --db, CUSTARD_DB and db in .custard.toml and name the server with --api-url or CUSTARD_API_URL.',
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
export function openServerApi({ settings, context }: Session): ApiClient {
  const target = requireTarget(settings);
  if (target.kind === 'hosted') {
    return new ApiClient({ url: target.url, token: target.token, signal: context.interruption.signal });
  }
  throw new CustardError('USAGE', 'Connections belong to a Custard server, and a database is named instead of one.', {
    hint: 'Name the server with --api-url or CUSTARD_API_URL, and leave --db and CUSTARD_DB out.',
  });
}
