import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseDatabaseUrl } from '#agent/connectors/database-url.ts';
import { withEnvironmentPassword } from './environment-password.ts';
import { findPassword } from './password-file.ts';

const LOGIN = { host: 'db', port: 5432, database: 'shop', user: 'ana' };
const folder = mkdtempSync(join(tmpdir(), 'custard-pgpass-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a password file of PostgreSQL', () => {
  it.each([
    ['db:5432:shop:ana:right', 'right'],
    ['# db:5432:shop:ana:comment\n\nother:5432:shop:ana:x\n*:*:*:ana:right\ndb:5432:shop:ana:late', 'right'],
    ['db:5432:shop:ana:a\\:b\\\\c\r\n', 'a:b\\c'],
    ['db:5433:shop:ana:x', undefined],
    ['db:5432:shop:ana', undefined],
    ['db:5432:shop:ana:', ''],
    ['', undefined],
  ])('%j', (text, password) => {
    expect(findPassword(text, LOGIN)).toBe(password);
  });

  it('gives back every field that was written as it should be', () => {
    const field = fc.string({ unit: 'grapheme' }).filter((text) => !/[\r\n]/.test(text) && text !== '*');
    const escaped = (text: string) => text.replaceAll(/[\\:]/g, '\\$&');
    fc.assert(
      fc.property(field, field, field, field, (host, database, user, password) => {
        fc.pre(!host.startsWith('#') && !host.startsWith('/'));
        const line = [host, '5432', database, user, password].map(escaped).join(':');
        expect(findPassword(`x:1:y:z:w\n${line}\n`, { host, port: 5432, database, user })).toBe(password);
      }),
    );
  });

  it('stands behind the URL and PGPASSWORD, and is not used when others may read it', () => {
    const PGPASSFILE = join(folder, 'pgpass');
    writeFileSync(PGPASSFILE, 'db:*:*:*:filed\nlocalhost:*:*:*:near\n', { mode: 0o600 });
    const password = (url: string, env = {}) => {
      const settings = withEnvironmentPassword(parseDatabaseUrl(url), { PGPASSFILE, ...env });
      return 'password' in settings ? settings.password : undefined;
    };
    expect(password('postgres://ana@db/shop')).toBe('filed');
    expect(password('postgres://ana@/shop?host=/run/postgresql')).toBe('near');
    expect(password('postgres://ana@elsewhere/shop')).toBeUndefined();
    expect(password('postgres://ana:own@db/shop')).toBe('own');
    expect(password('postgres://ana@db/shop', { PGPASSWORD: 'env' })).toBe('env');
    expect(password('mysql://ana@db/shop')).toBeUndefined();
    expect(password('postgres://ana@db/shop', { PGPASSFILE: join(folder, 'none') })).toBeUndefined();
    chmodSync(PGPASSFILE, 0o644);
    expect(() => password('postgres://ana@db/shop')).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', hint: expect.stringContaining('chmod 600') }),
    );
    expect(password('postgres://ana@elsewhere/shop')).toBeUndefined();
  });
});
