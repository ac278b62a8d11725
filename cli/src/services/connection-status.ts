import { createBackoff } from '#core/backoff.ts';
import { closest } from '#core/closest.ts';
import { CustardError } from '#core/errors.ts';
import { pause } from '#core/pause.ts';
import type { ConnectionStatus, StatusMessage } from '#core/protocol/status.ts';
import { followStatus } from '../api/status-stream.ts';
import { credentialsOf } from '../credentials/credentials-of.ts';
import { envelope } from '../output/envelope.ts';
import type { RunContext } from '../run-context.ts';
import { requireServer } from './open-api.ts';
import { createSession, type Session, type SessionFlags } from './session.ts';
import { jsonPrinter, type StatusPrinter, textPrinter } from './status-printer.ts';

interface StatusOptions {
  readonly context: RunContext;
  readonly flags: SessionFlags & { readonly output: 'text' | 'ndjson' | undefined };
  /** One connection only, by name or id. */
  readonly name: string | undefined;
  readonly watch: boolean;
}

/** After these no second try helps. */
const FINAL: ReadonlySet<string> = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'VERSION_UNSUPPORTED',
  'PROTOCOL_ERROR',
]);

/** How connections are: once, or as it changes, until the signal. */
export async function showStatus({ context, flags, name, watch }: StatusOptions): Promise<void> {
  const session = createSession(context, flags);
  if (flags.json && watch) {
    throw new CustardError('USAGE', '--json prints one document, and --watch has no end.', {
      hint: 'For a program that watches: --watch -o ndjson.',
    });
  }
  if (!watch) {
    const { connections, at } = await firstSnapshot(session, context.interruption.signal);
    const chosen = choose(connections, name);
    if (flags.json) {
      await session.sink.write(envelope({ schema: 'custard.connection-status/1', data: { at, connections: chosen } }));
      return;
    }
    if (chosen.length === 0)
      session.narrator.note('No connection yet. Make one: custard connections create NAME --kind postgres');
    await printerFor(session, flags.output).snapshot(chosen, new Date(at));
    return;
  }
  await follow(session, { name, printer: printerFor(session, flags.output), signal: context.interruption.signal });
}

/** JSON for programs; a person who looks reads sentences. */
function printerFor(session: Session, output: 'text' | 'ndjson' | undefined): StatusPrinter {
  const isText = (output ?? (session.sink.isTerminal ? 'text' : 'ndjson')) === 'text';
  return isText ? textPrinter(session) : jsonPrinter(session);
}

type Snapshot = Extract<StatusMessage, { type: 'snapshot' }>;

async function firstSnapshot(session: Session, signal: AbortSignal): Promise<Snapshot> {
  const found: { snapshot?: Snapshot } = {};
  const enough = new AbortController();
  const ended = await stayAsSession(session, AbortSignal.any([signal, enough.signal]), (message) => {
    if (message.type === 'snapshot') found.snapshot ??= message;
    enough.abort();
  });
  if (found.snapshot === undefined) throw ended;
  return found.snapshot;
}

interface FollowOptions {
  readonly name: string | undefined;
  readonly printer: StatusPrinter;
  readonly signal: AbortSignal;
}

/** Comes back by itself when the server is gone; only the first try has to succeed. */
async function follow(session: Session, { name, printer, signal }: FollowOptions): Promise<void> {
  const backoff = createBackoff({ lastBoundMs: 15_000 });
  const problem = Promise.withResolvers<never>();
  problem.promise.catch(() => undefined);
  let printing: Promise<void> = Promise.resolve();
  let wasThere = false;
  const stop = new AbortController();
  const fail = (error: unknown): void => {
    problem.reject(error);
    stop.abort();
  };
  const either = AbortSignal.any([signal, stop.signal]);
  printer.start(fail);
  try {
    while (!either.aborted) {
      const since = performance.now();
      let isThere = false;
      const ended = await stayAsSession(session, either, (message) => {
        wasThere = isThere = true;
        printing = printing.then(() => tell(message, { name, printer })).catch(fail);
      });
      await printing;
      if (stop.signal.aborted) await problem.promise;
      if (signal.aborted) throw ended;
      const isRefused = ended.code === 'SESSION_EXPIRED' && !isThere;
      if (!wasThere || isRefused || FINAL.has(ended.code)) throw ended;
      backoff.lived(performance.now() - since);
      const retryInMs = backoff.next();
      session.narrator.warn(`${ended.message} Trying again in ${(retryInMs / 1000).toFixed(1)} s.`);
      await pause(retryInMs, either);
    }
    signal.throwIfAborted();
  } finally {
    printer.stop();
  }
}

async function tell(message: StatusMessage, { name, printer }: Pick<FollowOptions, 'name' | 'printer'>): Promise<void> {
  if (message.type === 'error') return;
  const at = new Date(message.at);
  if (message.type === 'snapshot') return await printer.snapshot(choose(message.connections, name), at);
  if (message.type === 'removed') {
    await printer.removed(message.id, at);
    if (name !== undefined && printer.isEmpty) throw gone(name);
    return;
  }
  if (name === undefined || isNamed(message.connection, name)) await printer.changed(message.connection, at);
}

const isNamed = (connection: ConnectionStatus, name: string): boolean =>
  connection.name === name || connection.id === name;

function choose(connections: readonly ConnectionStatus[], name: string | undefined): readonly ConnectionStatus[] {
  if (name === undefined) return connections;
  const chosen = connections.filter((connection) => isNamed(connection, name));
  if (chosen.length > 0) return chosen;
  const meant = closest(
    name,
    connections.map((connection) => connection.name),
  );
  throw new CustardError('NOT_FOUND', `There is no connection "${name}".`, {
    hint: meant === null ? 'See them all: custard connections list' : `Did you mean ${meant}?`,
  });
}

function gone(name: string): CustardError {
  return new CustardError('NOT_FOUND', `The connection ${name} was deleted.`, {
    hint: 'See what there is: custard connections list',
  });
}

/** With what counts at that moment; a session's token that is too old is replaced once. */
async function stayAsSession(
  { settings, context }: Session,
  signal: AbortSignal,
  onMessage: (message: StatusMessage) => void,
): Promise<CustardError> {
  const target = requireServer(settings);
  const credentials = credentialsOf(target, context);
  let told = false;
  const stay = (token: string | null) =>
    followStatus({ url: target.url, token, signal }, (message) => {
      told = true;
      onMessage(message);
    });
  const token = await credentials.token();
  const ended = await stay(token);
  if (told || ended.code !== 'SESSION_EXPIRED' || token === null) return ended;
  const renewed = await credentials.renew(token);
  return renewed === null ? ended : await stay(renewed);
}
