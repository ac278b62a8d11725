import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseSettings } from '../../database-settings.ts';
import { parseEnvironment } from '../../env.ts';
import { openConnector } from '../registry.ts';
import { certificateAuthority } from '../testing/self-signed.ts';
import { type Emulator, startEmulator } from './testing/emulator.ts';
import { Store } from './testing/store.ts';

const folder = mkdtempSync(join(tmpdir(), 'custard-mongodb-tls-'));
const authority = certificateAuthority();
const strangers = certificateAuthority('Somebody else');
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const DB_SSLROOTCERT = file('ca.pem', authority.cert);
const OTHER_CA = file('other.pem', strangers.cert);
const { cert, key } = authority.issue({ name: 'ana' });
const client = { DB_SSLCERT: file('client.pem', cert), DB_SSLKEY: file('client.key', key) };

let plain: Emulator;
let secure: Emulator;
let elsewhere: Emulator;
let demanding: Emulator;

beforeAll(async () => {
  plain = await startEmulator(new Store());
  secure = await startEmulator(new Store(), {}, authority.issue({ name: 'localhost' }));
  elsewhere = await startEmulator(new Store(), {}, authority.issue({ name: 'elsewhere.example' }));
  const demand = { ca: authority.cert, requestCert: true, rejectUnauthorized: true };
  demanding = await startEmulator(new Store(), {}, { ...authority.issue({ name: 'localhost' }), ...demand });
});
afterAll(async () => {
  await Promise.all([plain, secure, elsewhere, demanding].map((emulator) => emulator.stop()));
  rmSync(folder, { recursive: true });
});

async function ping({ port }: Emulator, variables: Readonly<Record<string, string>>, query = ''): Promise<void> {
  const agent = { BACKEND_WEBSOCKET_URI: 'ws://localhost/{agent_id}', AGENT_ID: 'a' };
  const DB_URL = `mongodb://localhost:${port}/shop?serverSelectionTimeoutMS=700${query}`;
  const parsed = parseEnvironment({ ...agent, CUSTARD_API_KEY: `custard_${'x'.repeat(36)}`, DB_URL, ...variables });
  const connector = await openConnector(await databaseSettings(parsed));
  try {
    await connector.ping({ signal: new AbortController().signal });
  } finally {
    await connector.close();
  }
}

describe("TLS to an emulator of MongoDB's wire protocol", () => {
  it('is as strict as DB_SSLMODE says, above what the URL does', async () => {
    for (const DB_SSLMODE of ['require', 'verify-ca', 'verify-full'])
      await ping(secure, { DB_SSLMODE, DB_SSLROOTCERT });
    await ping(secure, { DB_SSLMODE: 'require' });
    await ping(secure, { DB_SSLMODE: 'require' }, '&tls=false');
    await ping(plain, { DB_SSLMODE: 'disable' }, '&tls=true');
    await ping(elsewhere, { DB_SSLMODE: 'verify-ca', DB_SSLROOTCERT });
    await ping(demanding, { DB_SSLMODE: 'verify-full', DB_SSLROOTCERT, ...client });
    await ping(secure, {}, `&tls=true&tlsCAFile=${encodeURIComponent(DB_SSLROOTCERT)}`);
  });

  it('tells what is wrong, and which setting to change', async () => {
    const refusals = [
      [secure, { DB_SSLMODE: 'verify-full' }, /not signed by an authority/, /DB_SSLROOTCERT/],
      [secure, { DB_SSLMODE: 'verify-full', DB_SSLROOTCERT: OTHER_CA }, /not signed by an authority/, /DB_SSLROOTCERT/],
      [elsewhere, { DB_SSLMODE: 'verify-full', DB_SSLROOTCERT }, /another host name/, /DB_HOST.*verify-ca/],
      [demanding, { DB_SSLMODE: 'verify-full', DB_SSLROOTCERT }, /MongoDB: /, /DB_SSLCERT.*DB_SSLKEY/],
      [secure, {}, /MongoDB: /, /DB_SSLMODE/],
      [plain, { DB_SSLMODE: 'require' }, /MongoDB: /, /DB_SSLMODE/],
    ] as const;
    for (const [emulator, variables, message, hint] of refusals) {
      await expect(ping(emulator, variables), JSON.stringify(variables)).rejects.toMatchObject({
        code: 'DATABASE_UNREACHABLE',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      });
    }
    await expect(ping(secure, { DB_SSLMODE: 'require', DB_SSLROOTCERT: '/nowhere.pem' })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      hint: expect.stringContaining('DB_SSLROOTCERT'),
    });
  });
});
