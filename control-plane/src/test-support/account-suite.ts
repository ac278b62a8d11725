import { afterAll, beforeAll, describe } from 'vitest';
import { type Database, openDatabase } from '../db/database.ts';
import { type Answer, call } from './person.ts';
import { ENGINES, type MetadataDatabase, metadataDatabase, startTestServer, type TestServer } from './test-server.ts';

/** A server on each engine, shared by the tests of a file: each makes people of its own. */
export interface AccountSuite {
  readonly server: TestServer;
  readonly database: Database;
  /** The server's database, for another server. */
  readonly url: string;
  /** POST /api/v1/auth/… without a token. */
  auth(verb: string, body: unknown, init?: RequestInit): Promise<Answer>;
}

export function describeAccounts(
  name: string,
  tests: (suite: AccountSuite) => void,
  { env = {} }: { readonly env?: Readonly<Record<string, string>> } = {},
): void {
  describe.each(ENGINES)(`${name} on %s`, (engine) => {
    let metadata: MetadataDatabase;
    const suite: { -readonly [Key in keyof AccountSuite]?: AccountSuite[Key] } = {};
    beforeAll(async () => {
      metadata = await metadataDatabase(engine);
      const server = await startTestServer(metadata.url, { env });
      const auth: AccountSuite['auth'] = (verb, body, init) => call(server, 'POST', `/api/v1/auth/${verb}`, body, init);
      Object.assign(suite, { server, auth, url: metadata.url, database: await openDatabase(metadata.url) });
    });
    afterAll(async () => {
      await suite.database?.close();
      await suite.server?.[Symbol.asyncDispose]();
      await metadata?.[Symbol.asyncDispose]();
    });
    tests(suite as AccountSuite);
  });
}
