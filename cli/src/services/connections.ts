import { closest } from '#core/closest.ts';
import { type ConnectorDialect, DB_TYPES, DIALECTS_OF } from '#core/dialects.ts';
import { CustardError } from '#core/errors.ts';
import type { PolicySummary } from '#core/policy/summary.ts';
import type { ConnectionView } from '#core/protocol/api.ts';
import type { ApiClient } from '../api/api-client.ts';
import type { AgentTarget } from '../flags/agent-target.ts';
import { envelope } from '../output/envelope.ts';
import { type ListColumn, printList } from '../output/print-list.ts';
import { safeLines } from '../output/safe.ts';
import type { RunContext } from '../run-context.ts';
import { agentCommand } from './agent-command.ts';
import { confirm } from './confirm.ts';
import { openServerApi } from './open-api.ts';
import { refreshText } from './refresh-text.ts';
import { createSession, type Session, type SessionFlags } from './session.ts';

interface Options<F = SessionFlags> {
  readonly context: RunContext;
  readonly flags: F;
}

const COLUMNS: readonly ListColumn<ConnectionView>[] = [
  { name: 'name', value: ({ name }) => name },
  { name: 'kind', value: ({ db_type }) => DIALECTS_OF[db_type][0] },
  { name: 'status', value: ({ status }) => status },
  { name: 'tables', kind: 'integer', value: ({ schema }) => schema.table_count },
  { name: 'last seen', value: ({ last_seen_at }) => last_seen_at },
  { name: 'last error', value: ({ last_error }) => last_error },
  { name: 'id', value: ({ id }) => id },
];

const SINCE_COLUMN: ListColumn<ConnectionView> = { name: 'status since', value: ({ status_since }) => status_since };

/** What a connection's agent says of its policy file, in words. */
const POLICY_COLUMN: ListColumn<ConnectionView> = {
  name: 'policy',
  value: ({ policy }) => (policy === null ? null : policyWords(policy)),
};

function policyWords(policy: PolicySummary): string {
  return [
    ...(policy.restricts_tables ? ['some tables only'] : []),
    ...(policy.restricts_columns ? ['some columns only'] : []),
    ...(policy.masks_columns ? ['masks columns'] : []),
    ...(policy.max_rows === null ? [] : [`at most ${policy.max_rows} rows`]),
    ...(policy.max_bytes === null ? [] : [`at most ${policy.max_bytes} bytes`]),
    ...(policy.max_ms === null ? [] : [`at most ${policy.max_ms / 1000} s`]),
    `a model may see: ${policy.egress}`,
  ].join(', ');
}

export async function listConnections({ context, flags }: Options): Promise<void> {
  const session = createSession(context, flags);
  const items = await openServerApi(session).connections();
  if (items.length === 0)
    session.narrator.note('No connection yet. Make one: custard connections create NAME --kind postgres');
  await print(session, items);
}

export async function showConnection({ context, flags, name }: Options & { readonly name: string }): Promise<void> {
  const session = createSession(context, flags);
  const connection = await findConnection(openServerApi(session), name);
  if (session.format === 'json') {
    await session.sink.write(envelope({ schema: 'custard.connection/1', data: connection }));
  } else {
    await print(
      { ...session, format: session.flags.format ?? 'vertical' },
      [connection],
      [...COLUMNS, SINCE_COLUMN, POLICY_COLUMN],
    );
  }
}

/** Makes a connection and prints how to start its agent: the only time that the agent's key is seen. */
export async function createConnection(
  options: Options & { readonly name: string; readonly kind: ConnectorDialect; readonly target: AgentTarget },
): Promise<void> {
  const session = createSession(options.context, options.flags);
  const api = openServerApi(session);
  const dbType = DB_TYPES.find((type) => DIALECTS_OF[type].includes(options.kind));
  if (dbType === undefined) throw new Error(`no db_type for ${options.kind}`);
  const connection = await api.createConnection({ name: options.name, db_type: dbType });
  const command = agentCommand({
    connection,
    apiKey: connection.api_key,
    serverUrl: api.url,
    target: options.target,
    version: options.context.version,
  });
  if (session.format === 'json') {
    const data = { ...connection, agent_command: command };
    await session.sink.write(envelope({ schema: 'custard.connection/1', data }));
    return;
  }
  session.narrator.note(
    `Made connection ${connection.name} (${connection.id}). Its agent's key is shown this once.\n` +
      'Fill in what stands in <…> and run this where the database can be reached:\n',
  );
  await session.sink.write(command);
}

/** The same command for a connection that is there; its key is a placeholder, as nobody but its owner has it. */
export async function printAgentCommand(
  options: Options & { readonly name: string; readonly target: AgentTarget },
): Promise<void> {
  const session = createSession(options.context, options.flags);
  const api = openServerApi(session);
  const connection = await findConnection(api, options.name);
  const command = agentCommand({
    connection,
    apiKey: null,
    serverUrl: api.url,
    target: options.target,
    version: options.context.version,
  });
  const text =
    session.format === 'json'
      ? envelope({
          schema: 'custard.agent-command/1',
          data: { connection: connection.name, target: options.target, command },
        })
      : command;
  await session.sink.write(text);
}

export async function deleteConnection(
  options: Options & { readonly name: string; readonly yes: boolean },
): Promise<void> {
  const session = createSession(options.context, options.flags);
  const api = openServerApi(session);
  const connection = await findConnection(api, options.name);
  if (!options.yes) {
    await confirm(session, `Delete connection ${connection.name}? Its agent's key stops working.`, '--yes');
  }
  await api.deleteConnection(connection.id);
  if (session.format === 'json') {
    await session.sink.write(
      envelope({ schema: 'custard.deleted/1', data: { id: connection.id, name: connection.name } }),
    );
  } else {
    session.narrator.note(`Deleted ${connection.name}.`);
  }
}

export async function refreshSchema({ context, flags, name }: Options & { readonly name: string }): Promise<void> {
  const session = createSession(context, flags);
  const api = openServerApi(session);
  const connection = await findConnection(api, name);
  const refreshed = await session.narrator.during('schema', () => api.refreshSchema(connection.id));
  const { connection_id: id, ...rest } = refreshed;
  if (session.format === 'json') {
    const data = { id, name: connection.name, ...rest };
    await session.sink.write(envelope({ schema: 'custard.schema-refresh/1', data }));
  } else {
    await session.sink.write(safeLines(refreshText(connection.name, refreshed)));
  }
}

/** By name or id. NOT_FOUND names what was probably meant. */
export async function findConnection(api: ApiClient, nameOrId: string): Promise<ConnectionView> {
  const connections = await api.connections();
  const found = connections.find(({ name, id }) => name === nameOrId || id === nameOrId);
  if (found !== undefined) return found;
  const names = connections.map(({ name }) => name);
  const meant = closest(nameOrId, names);
  throw new CustardError('NOT_FOUND', `There is no connection "${nameOrId}".`, {
    hint: meant === null ? 'See them all: custard connections list' : `Did you mean ${meant}?`,
  });
}

async function print(
  { format, sink, style, narrator }: Session,
  items: readonly ConnectionView[],
  columns = COLUMNS,
): Promise<void> {
  const omissions = await printList({ items, columns, schema: 'custard.connections/1', format, sink, style });
  for (const text of omissions) narrator.warn(text);
}
