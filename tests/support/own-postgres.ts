import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';

const PASSWORD = 'only-for-this-test';

/** Quiet: whatever changes in the data folder changes because somebody told the server to. */
const CONFIGURATION = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 60
fsync = off
full_page_writes = off
autovacuum = off
checkpoint_timeout = 1h
max_wal_size = 8GB
wal_level = logical
max_prepared_transactions = 5
jit = off
timezone = 'UTC'
`;

interface Programs {
  readonly folder: string;
  /** In front of a command, so that it runs as a user who may do nothing here. */
  readonly as: readonly string[];
  readonly uid: number;
}

/**
 * Why this machine cannot have a server of the test's own, said aloud; null where it can. The server runs hostile
 * statements as its superuser, files and programs included: only root can give it a user who may do no harm.
 */
export function noOwnPostgres(): string | null {
  if (process.getuid?.() !== 0) return skipped('only root can run a server as another user');
  return findPrograms() === null ? skipped('no PostgreSQL programs (initdb, postgres) were found') : null;
}

function skipped(why: string): string {
  console.warn(`NOT TESTED: what stands behind the guard on PostgreSQL: ${why}.`);
  return why;
}

function findPrograms(): Programs | null {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root) : [];
  const folders = versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(root, version, 'bin'));
  const folder = folders.find((path) => existsSync(join(path, 'initdb')));
  if (folder === undefined) return null;
  for (const user of ['postgres', 'nobody']) {
    const found = new RegExp(`^${user}:[^:]*:(\\d+):(\\d+):`, 'm').exec(readFileSync('/etc/passwd', 'utf8'));
    if (found === null) continue;
    const [, uid, gid] = found;
    const as = ['setpriv', '--pdeathsig=QUIT', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
    return { folder, as, uid: Number(uid) };
  }
  return null;
}

interface Start {
  /** Lines of postgresql.conf. */
  readonly configuration?: string;
  /** Put into the data folder, certificates and pg_hba.conf for example. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A PostgreSQL whose data folder, and a folder beside it that it may write to, can be looked at. */
export class OwnPostgres implements AsyncDisposable {
  readonly data: string;
  /** The server may write here: where hostile statements are led to. */
  readonly canary: string;
  readonly url: string;
  readonly admin: Client;
  readonly #folder: string;
  readonly #server: ChildProcess;
  readonly #uid: number;

  private constructor(folder: string, { port, server, uid }: { port: number; server: ChildProcess; uid: number }) {
    this.#folder = folder;
    this.#uid = uid;
    this.#server = server;
    this.data = join(folder, 'data');
    this.canary = join(folder, 'canary');
    this.url = `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`;
    this.admin = new Client({ connectionString: this.url });
  }

  static async start({ configuration = '', files = {} }: Start = {}): Promise<OwnPostgres> {
    const programs = findPrograms();
    if (programs === null) throw new Error('No PostgreSQL programs.');
    // /tmp itself: the server's user must be able to enter every folder above.
    const folder = mkdtempSync('/tmp/custard-own-postgres.');
    chmodSync(folder, 0o755);
    chownSync(folder, programs.uid, programs.uid);
    mkdirSync(join(folder, 'canary'));
    chownSync(join(folder, 'canary'), programs.uid, programs.uid);
    initialize(folder, programs);
    appendFileSync(join(folder, 'data', 'postgresql.conf'), configuration);
    for (const [name, text] of Object.entries(files)) writeOwned(join(folder, 'data', name), text, programs.uid);
    const port = await freePort();
    const log = openSync(join(folder, 'log'), 'w');
    const [command = '', ...rest] = programs.as;
    const server = spawn(command, [...rest, join(programs.folder, 'postgres'), '-D', 'data', '-p', String(port)], {
      cwd: folder,
      stdio: ['ignore', log, log],
    });
    const own = new OwnPostgres(folder, { port, server, uid: programs.uid });
    await own.#ready();
    await own.admin.connect();
    return own;
  }

  urlOf(changes: { readonly user?: string; readonly database?: string }): string {
    const url = new URL(this.url);
    if (changes.user !== undefined) url.username = changes.user;
    if (changes.database !== undefined) url.pathname = `/${changes.database}`;
    return url.href;
  }

  /** A role that logs in with the server's password. */
  async createRole(name: string, options = ''): Promise<string> {
    await this.admin.query(`CREATE ROLE ${name} LOGIN PASSWORD '${PASSWORD}' ${options}`);
    return this.urlOf({ user: name });
  }

  /** Of the data folder; the server reads it again when it is told to. */
  write(name: string, text: string): void {
    writeOwned(join(this.data, name), text, this.#uid);
  }

  async #ready(): Promise<void> {
    const deadline = performance.now() + 30_000;
    const pidFile = join(this.data, 'postmaster.pid');
    while (performance.now() < deadline && this.#server.exitCode === null) {
      // The eighth line is the server's own word on its state.
      if (existsSync(pidFile) && readFileSync(pidFile, 'utf8').split('\n')[7]?.startsWith('ready')) return;
      await delay(50);
    }
    throw new Error(`PostgreSQL did not start: ${readFileSync(join(this.#folder, 'log'), 'utf8')}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.admin.end().catch(() => undefined);
    const gone = once(this.#server, 'exit');
    if (this.#server.kill('SIGQUIT')) await gone;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function initialize(folder: string, { folder: programs, as, uid }: Programs): void {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, PASSWORD, { mode: 0o600 });
  chownSync(passwordFile, uid, uid);
  const [command = '', ...rest] = as;
  const options = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--no-sync'];
  const locale = ['--encoding=UTF8', '--locale=C.UTF-8'];
  const initdb = [...rest, join(programs, 'initdb'), '--pgdata=data', ...options, ...locale];
  execFileSync(command, initdb, { cwd: folder, stdio: 'pipe' });
  appendFileSync(join(folder, 'data', 'postgresql.conf'), CONFIGURATION);
}

function writeOwned(path: string, text: string, uid: number): void {
  writeFileSync(path, text, { mode: 0o600 });
  chownSync(path, uid, uid);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('No port.');
  return address.port;
}
