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

  it('puts the single names on top of the URL, a password as it is', () => {
    expect(settings({ DB_URL, DB_USER: 'ana', DB_PASSWORD: 'p%40@/?#', DB_NAME: 'shop' })).toEqual({
      ...{ dialect: 'mongodb', srv: false, hosts: 'a,b', options: 'replicaSet=rs0' },
      ...{ user: 'ana', password: 'p%40@/?#', database: 'shop' },
    });
  });

  it('refuses a way of asking for TLS that it would not act on', () => {
    expect(() => settings({ DB_URL, DB_SSLMODE: 'require' })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', hint: expect.stringContaining('tls=true') }),
    );
  });
});
