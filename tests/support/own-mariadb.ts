import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import mysql from 'mysql2/promise';

const PASSWORD = 'only-for-this-test';

interface Start {
  /** Lines of the server's section of the option file; its working folder is that of `files`. */
  readonly configuration: string;
  readonly files: Readonly<Record<string, string>>;
}

/** A MariaDB whose settings are the test's own. As root, as in scripts/servers/mariadb.sh, it runs as another user. */
export class OwnMariadb implements AsyncDisposable {
  readonly port: number;
  readonly user = 'custard';
  readonly password = PASSWORD;
  readonly #folder: string;
  readonly #owner: number | null;
  readonly #server: ChildProcess;

  private constructor(folder: string, owner: number | null, port: number, server: ChildProcess) {
    this.#folder = folder;
    this.#owner = owner;
    this.port = port;
    this.#server = server;
  }

  static async start({ configuration, files }: Start): Promise<OwnMariadb> {
    const folder = mkdtempSync('/tmp/custard-own-mariadb.');
    chmodSync(folder, 0o755);
    const [command, as, owner] = runAs();
    if (owner !== null) chownSync(folder, owner, owner);
    const install = ['mariadb-install-db', '--no-defaults', `--datadir=${folder}/data`, '--skip-test-db'];
    const options = ['--auth-root-authentication-method=normal', '--skip-name-resolve'];
    execFileSync(command, [...as, ...install, ...options], { cwd: folder, stdio: 'pipe' });
    for (const [name, text] of Object.entries(files)) writeOwned(join(folder, name), text, owner);
    writeOwned(join(folder, 'start.sql'), START, owner);
    const port = await freePort();
    const lines = [`datadir=${folder}/data`, `socket=${folder}/socket`, `pid-file=${folder}/pid`, `port=${port}`];
    const mine = [...lines, `init-file=${folder}/start.sql`, 'bind-address=127.0.0.1', 'skip-name-resolve'];
    const text = `[mariadbd]\n${mine.join('\n')}\n${configuration.replaceAll('$folder', folder)}\n`;
    writeOwned(join(folder, 'my.cnf'), text, owner);
    const log = openSync(join(folder, 'log'), 'w');
    const server = spawn(command, [...as, 'mariadbd', `--defaults-file=${folder}/my.cnf`], {
      cwd: folder,
      env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/usr/local/sbin` },
      stdio: ['ignore', log, log],
    });
    const own = new OwnMariadb(folder, owner, port, server);
    await own.#ready();
    return own;
  }

  async admin(): Promise<mysql.Connection> {
    return await mysql.createConnection({
      ...{ host: '127.0.0.1', port: this.port, user: this.user, password: PASSWORD, multipleStatements: true },
    });
  }

  write(name: string, text: string): void {
    writeOwned(join(this.#folder, name), text, this.#owner);
  }

  async #ready(): Promise<void> {
    const deadline = performance.now() + 30_000;
    const log = () => readFileSync(join(this.#folder, 'log'), 'utf8');
    while (performance.now() < deadline && this.#server.exitCode === null) {
      if (log().includes('ready for connections')) return;
      await delay(50);
    }
    throw new Error(`MariaDB did not start: ${log()}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = once(this.#server, 'exit');
    if (this.#server.kill('SIGKILL')) await gone;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const START = `CREATE USER IF NOT EXISTS custard@'127.0.0.1' IDENTIFIED BY '${PASSWORD}';
GRANT ALL ON *.* TO custard@'127.0.0.1' WITH GRANT OPTION;
`;

/** It does not run as root. */
function runAs(): readonly [command: string, before: readonly string[], owner: number | null] {
  if (process.getuid?.() !== 0) return ['env', [], null];
  const [, uid = '', gid = ''] =
    /^(?:mysql|nobody):[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8')) ?? [];
  return ['setpriv', ['--pdeathsig=KILL', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'], Number(uid)];
}

function writeOwned(path: string, text: string, owner: number | null): void {
  writeFileSync(path, text, { mode: 0o600 });
  if (owner !== null) chownSync(path, owner, owner);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('No port.');
  return address.port;
}
