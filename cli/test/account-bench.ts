import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Database, openDatabase } from '#control-plane/db/database.ts';
import { PASSWORD, someEmail } from '#control-plane/test-support/person.ts';
import { metadataDatabase, startTestServer, type TestServer } from '#control-plane/test-support/test-server.ts';
import { type CommandResult, createSandbox, runCommand, type Sandbox } from './run-command.ts';

/** A real control plane on SQLite, whose mail goes into a folder, and the home of somebody who uses it. */
export interface AccountBench extends AsyncDisposable {
  readonly server: TestServer;
  readonly url: string;
  /** What the server signs access tokens with. */
  readonly secret: string;
  readonly email: string;
  readonly sandbox: Sandbox;
  readonly credentials: string;
  run(args: readonly string[], input?: string): Promise<CommandResult>;
  /** From the sign-up over the link in the mail to the log-in, all with the command. */
  becomeSomebody(): Promise<void>;
  logIn(sandbox?: Sandbox): Promise<CommandResult>;
  /** Changes what is kept of the log-in. */
  alter(change: (credential: Record<string, string>) => void): Promise<void>;
  /** The server's records, past the server. */
  inRecords<T>(work: (database: Database) => Promise<T>): Promise<T>;
}

export async function openAccountBench(): Promise<AccountBench> {
  const records = await metadataDatabase('sqlite');
  const secret = randomBytes(32).toString('base64');
  const server = await startTestServer(records.url, { env: { TRUSTED_PROXIES: '0', JWT_SECRET_KEY: secret } });
  const { url } = server.server;
  const sandbox = await createSandbox({ CUSTARD_API_URL: url });
  const credentials = join(sandbox.directory, 'home/.config/custard/credentials.json');
  const email = someEmail('ada');
  const run: AccountBench['run'] = (args, input) => runCommand(args, sandbox, input);
  const bench: AccountBench = {
    ...{ server, url, secret, email, sandbox, credentials, run },
    async becomeSomebody() {
      succeeded(await run(['signup', '--email', email, '--password-stdin'], `${PASSWORD}\n`));
      const { token } = await server.outbox.next(email);
      await server.request('POST', '/api/v1/auth/verify-email', { token });
      succeeded(await bench.logIn());
    },
    logIn: (where = sandbox) => runCommand(['login', '--email', email, '--password-stdin'], where, `${PASSWORD}\n`),
    async alter(change) {
      const file = JSON.parse(await readFile(credentials, 'utf8'));
      change(file.servers[url].credential);
      await writeFile(credentials, JSON.stringify(file));
    },
    async inRecords(work) {
      const database = await openDatabase(records.url);
      try {
        return await work(database);
      } finally {
        await database.close();
      }
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await records[Symbol.asyncDispose]();
      await sandbox[Symbol.asyncDispose]();
    },
  };
  return bench;
}

function succeeded({ status, stderr }: CommandResult): void {
  if (status !== 0) throw new Error(stderr);
}
