import { describe, expect, it } from 'vitest';
import { databaseSettings } from './database-settings.ts';
import { parseEnvironment } from './env.ts';

const settings = (env: Readonly<Record<string, string>>) =>
  databaseSettings(
    parseEnvironment({
      ...{ BACKEND_WEBSOCKET_URI: 'ws://localhost/{agent_id}', AGENT_ID: 'a' },
      ...{ CUSTARD_API_KEY: `custard_${'x'.repeat(36)}`, ...env },
    }),
  );

describe('databaseSettings for MongoDB', () => {
  const DB_URL = 'mongodb://bob:old@a,b/?replicaSet=rs0';

  it('puts the single names on top of the URL, a password as it is', async () => {
    expect(await settings({ DB_URL, DB_USER: 'ana', DB_PASSWORD: 'p%40@/?#', DB_NAME: 'shop' })).toEqual({
      ...{ dialect: 'mongodb', srv: false, hosts: 'a,b', options: 'replicaSet=rs0' },
      ...{ user: 'ana', password: 'p%40@/?#', database: 'shop' },
    });
  });

  it('takes the names for TLS, and refuses those that it would not act on', async () => {
    const files = { DB_SSLROOTCERT: '/ca.pem', DB_SSLCERT: '/c.pem', DB_SSLKEY: '/k.pem', DB_SSLPASSWORD: 'p' };
    expect(await settings({ DB_URL, DB_SSLMODE: 'verify-full', ...files })).toMatchObject({
      ...{ sslmode: 'verify-full', caFile: '/ca.pem', certFile: '/c.pem', keyFile: '/k.pem', keyPassword: 'p' },
    });
    for (const given of [{ DB_SSLMODE: 'prefer' }, { DB_SSLROOTCERT: '/ca.pem' }]) {
      await expect(settings({ DB_URL, ...given })).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        hint: expect.stringContaining('tls=true'),
      });
    }
  });
});
