import { userInfo } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDatabaseUrl } from './database-url.ts';

const me = userInfo().username;
const DEFAULTS = { dialect: 'postgres', host: 'localhost', port: 5432, user: me, database: me, sslmode: 'prefer' };

const MONGODB = { dialect: 'mongodb', srv: false, database: 'shop', options: '' };
const MYSQL = { dialect: 'mysql', host: 'localhost', port: 3306, user: me, database: null, sslmode: 'prefer' };

describe('parseDatabaseUrl', () => {
  it.each([
    ['postgres://', DEFAULTS],
    ['postgresql://db', { ...DEFAULTS, host: 'db' }],
    ['POSTGRES://ana@db:6000/shop', { ...DEFAULTS, host: 'db', port: 6000, user: 'ana', database: 'shop' }],
    ['postgres://ana@db', { ...DEFAULTS, host: 'db', user: 'ana', database: 'ana' }],
    [
      'postgres://a%20b:p%40%2F%25@db/s%2Fhop',
      { ...DEFAULTS, host: 'db', user: 'a b', password: 'p@/%', database: 's/hop' },
    ],
    [
      'postgres://ana:p@ss/w#o%r:d@db/shop',
      { ...DEFAULTS, host: 'db', user: 'ana', password: 'p@ss/w#o%r:d', database: 'shop' },
    ],
    ['postgres://ana:w?y@db/shop', { ...DEFAULTS, host: 'db', user: 'ana', password: 'w?y', database: 'shop' }],
    ['postgres://ana:@db/shop', { ...DEFAULTS, host: 'db', user: 'ana', password: '', database: 'shop' }],
    ['postgres://[::1]:5433/shop', { ...DEFAULTS, host: '::1', port: 5433, database: 'shop' }],
    [
      'postgres://ana@/shop?host=/var/run/postgresql',
      { ...DEFAULTS, host: '/var/run/postgresql', user: 'ana', database: 'shop' },
    ],
    ['postgres://%2Frun%2Fpg/shop', { ...DEFAULTS, host: '/run/pg', database: 'shop' }],
    [
      'postgres://db/shop?sslmode=verify-full&sslrootcert=/ca.pem&options=-c%20search_path%3Da@b',
      {
        ...DEFAULTS,
        host: 'db',
        database: 'shop',
        sslmode: 'verify-full',
        caFile: '/ca.pem',
        searchPath: 'a@b',
      },
    ],
    [
      'postgresql://postgres.abcdefghij:p%40ss@aws-0-eu-central-1.pooler.supabase.com:6543/postgres?pgbouncer=true&connection_limit=1',
      {
        ...{ ...DEFAULTS, host: 'aws-0-eu-central-1.pooler.supabase.com', port: 6543 },
        ...{ user: 'postgres.abcdefghij', password: 'p@ss', database: 'postgres' },
      },
    ],
    [
      'postgresql://ana:x@ep-cool-1.neon.tech/shop?sslmode=require&channel_binding=require&options=endpoint%3Dep-cool-1',
      {
        ...{ ...DEFAULTS, host: 'ep-cool-1.neon.tech', user: 'ana', password: 'x', database: 'shop' },
        ...{ sslmode: 'require', channelBinding: 'require', options: 'endpoint=ep-cool-1' },
      },
    ],
    [
      'postgresql+psycopg2://ana@db/shop?application_name=bi&connect_timeout=15&target_session_attrs=read-write&keepalives=1',
      { ...DEFAULTS, host: 'db', user: 'ana', database: 'shop', applicationName: 'bi', connectTimeoutMs: 15_000 },
    ],
    [
      'jdbc:postgresql://db:5433/shop?user=ana&password=a%26b&currentSchema=sales,Other%22s&ApplicationName=bi',
      {
        ...{ ...DEFAULTS, host: 'db', port: 5433, user: 'ana', password: 'a&b', database: 'shop' },
        ...{ searchPath: '"sales","Other""s"', applicationName: 'bi' },
      },
    ],
    ['postgres://db/shop?schema=public', { ...DEFAULTS, host: 'db', database: 'shop', searchPath: '"public"' }],
    [
      'postgres://db/shop?options=--search_path%3Dsales%2C%5C%20public',
      { ...DEFAULTS, host: 'db', database: 'shop', searchPath: 'sales, public' },
    ],
    [
      'postgres://db/shop?options=-c%20work_mem%3D1MB%20-c%20search_path%3Da',
      { ...DEFAULTS, host: 'db', database: 'shop', options: '-c work_mem=1MB -c search_path=a' },
    ],
    [
      'postgres://db/shop?sslcert=/c.pem&sslkey=/k.pem&sslpassword=p',
      { ...DEFAULTS, host: 'db', database: 'shop', certFile: '/c.pem', keyFile: '/k.pem', keyPassword: 'p' },
    ],
    ['postgres://db/shop?sslmode=allow&pgbouncer=true', { ...DEFAULTS, host: 'db', database: 'shop' }],
    ['mongodb://', { ...MONGODB, hosts: 'localhost', database: '' }],
    ['mongodb://db/shop', { ...MONGODB, hosts: 'db' }],
    [
      'MONGODB://ana:p@ss/w#o%r:d@a:27017,b:27018,[::1]/shop?replicaSet=rs0&authSource=admin',
      {
        ...{ ...MONGODB, hosts: 'a:27017,b:27018,[::1]', user: 'ana', password: 'p@ss/w#o%r:d' },
        options: 'replicaSet=rs0&authSource=admin',
      },
    ],
    [
      'mongodb+srv://a%20b:p%40%2F%25@cluster.example.net/?appName=x',
      {
        ...{ ...MONGODB, srv: true, hosts: 'cluster.example.net', user: 'a b', password: 'p@/%', database: '' },
        options: 'appName=x',
      },
    ],
    ['mysql://', MYSQL],
    [
      'mysql://ana:p@ss/w#o%r:d@db/shop',
      { ...MYSQL, host: 'db', user: 'ana', password: 'p@ss/w#o%r:d', database: 'shop' },
    ],
    [
      'mariadb://ana:p%40%2F%25@db:3307/s%2Fhop',
      {
        ...MYSQL,
        dialect: 'mariadb',
        host: 'db',
        port: 3307,
        user: 'ana',
        password: 'p@/%',
        database: 's/hop',
      },
    ],
    ['MySQL://ana@[::1]/shop?charset=utf8mb4', { ...MYSQL, host: '::1', user: 'ana', database: 'shop' }],
    [
      'mysql://ana@localhost/shop?socket=/run/my.sock',
      { ...MYSQL, host: '/run/my.sock', user: 'ana', database: 'shop' },
    ],
    [
      'mysql://db/shop?ssl-mode=VERIFY_IDENTITY&ssl-ca=/ca.pem&sslCert=/c.pem&ssl_key=/k.pem',
      {
        ...MYSQL,
        host: 'db',
        database: 'shop',
        sslmode: 'verify-full',
        caFile: '/ca.pem',
        certFile: '/c.pem',
        keyFile: '/k.pem',
      },
    ],
    ['mysql+pymysql://db/shop?charset=utf8mb4', { ...MYSQL, host: 'db', database: 'shop' }],
    ['jdbc:mariadb://db/shop', { ...MYSQL, dialect: 'mariadb', host: 'db', database: 'shop' }],
    [
      'mysql://db/shop?ssl-ca=/ca.pem',
      { ...MYSQL, host: 'db', database: 'shop', sslmode: 'verify-ca', caFile: '/ca.pem' },
    ],
    ['mysql://db/shop?sslmode=require', { ...MYSQL, host: 'db', database: 'shop', sslmode: 'require' }],
    ['mysql://db/shop?sslMode=DISABLED', { ...MYSQL, host: 'db', database: 'shop', sslmode: 'disable' }],
    [
      'snowflake://ana:p@s/s#w%rd@org-acc/SHOP/PUBLIC?warehouse=wh&role=reader&authenticator=snowflake',
      {
        ...{ dialect: 'snowflake', account: 'org-acc', user: 'ana', password: 'p@s/s#w%rd', database: 'SHOP' },
        ...{ schema: 'PUBLIC', warehouse: 'wh', role: 'reader', authenticator: 'SNOWFLAKE' },
      },
    ],
    [
      'snowflake://ana@ab12345.eu-central-1.snowflakecomputing.com/SHOP?privateKeyPath=/k.p8&accessUrl=https://x.privatelink.snowflakecomputing.com',
      {
        ...{ dialect: 'snowflake', account: 'ab12345.eu-central-1', user: 'ana', database: 'SHOP' },
        ...{ privateKeyFile: '/k.p8', accessUrl: 'https://x.privatelink.snowflakecomputing.com' },
      },
    ],
    [
      'snowflake://ana@acc/SHOP?host=127.0.0.1&port=8080&protocol=http',
      { dialect: 'snowflake', account: 'acc', user: 'ana', database: 'SHOP', accessUrl: 'http://127.0.0.1:8080' },
    ],
    ['sqlite:shop.db', { dialect: 'sqlite', path: 'shop.db' }],
    ['sqlite:./a b/100%.db', { dialect: 'sqlite', path: './a b/100%.db' }],
    ['sqlite:/abs/shop.db', { dialect: 'sqlite', path: '/abs/shop.db' }],
    ['sqlite:///abs/my%20shop.db', { dialect: 'sqlite', path: '/abs/my shop.db' }],
    ['sqlite://shop.db', { dialect: 'sqlite', path: 'shop.db' }],
    ['duckdb:shop.duckdb', { dialect: 'duckdb', path: 'shop.duckdb' }],
    ['duckdb:///abs/my%20shop.db', { dialect: 'duckdb', path: '/abs/my shop.db' }],
    ['duckdb:/abs/100%.ddb', { dialect: 'duckdb', path: '/abs/100%.ddb' }],
    ['file:shop.DUCKDB', { dialect: 'duckdb', path: 'shop.DUCKDB' }],
    ['file:///abs/my%20shop.ddb?x=y', { dialect: 'duckdb', path: '/abs/my shop.ddb' }],
    ['file:data/my.csv', { dialect: 'duckdb', files: [{ path: 'data/my.csv', table: 'my', label: 'data/my.csv' }] }],
    ['file:shop.db', { dialect: 'sqlite', path: 'shop.db' }],
    ['file:/abs/my%20shop.db?mode=ro', { dialect: 'sqlite', path: '/abs/my shop.db' }],
    ['file:///abs/shop.db', { dialect: 'sqlite', path: '/abs/shop.db' }],
  ])('reads %s', (url, settings) => {
    expect(parseDatabaseUrl(url)).toEqual(settings);
  });

  it.each([
    ['shop', 'CONFIG_INVALID'],
    ['', 'CONFIG_INVALID'],
    ['postgres:shop', 'CONFIG_INVALID'],
    ['mysql:shop', 'CONFIG_INVALID'],
    ['mysql://ana:s3cret@db/shop?ssl-mode=STRICT', 'CONFIG_INVALID'],
    ['mysql://ana:s3cret@db/shop?ssl=true', 'CONFIG_INVALID'],
    ['mariadb://ana:s3cret@db:0/shop', 'CONFIG_INVALID'],
    ['postgres://ana:s3cret@db:99999/shop', 'CONFIG_INVALID'],
    ['postgres://ana:s3cret@db:s3cret/shop', 'CONFIG_INVALID'],
    ['postgres://ana:s3cret@db/shop?sslmode=s3cret', 'CONFIG_INVALID'],
    ['postgres://ana:s3cret@db/shop?sslmod=require', 'CONFIG_INVALID'],
    ['snowflake://ana:s3cret@acc', 'CONFIG_INVALID'],
    ['snowflake://ana:s3cret@/SHOP', 'CONFIG_INVALID'],
    ['snowflake://acc/SHOP', 'CONFIG_INVALID'],
    ['snowflake://ana:s3cret@acc/SHOP?authenticator=externalbrowser', 'CONFIG_INVALID'],
    ['snowflake://ana:s3cret@acc/SHOP?accessUrl=http://s3cret.example', 'CONFIG_INVALID'],
    ['postgres://ana:s3cret@db/shop?ssl=true', 'CONFIG_INVALID'],
    ['postgres://ana:s3cret@db/shop?connect_timeout=s3cret', 'CONFIG_INVALID'],
    ['postgres://ana:s3cret@db/shop?channel_binding=s3cret', 'CONFIG_INVALID'],
    ['postgresql+ssh://ana:s3cret@db/shop', 'UNSUPPORTED_ENGINE'],
    ['sqlite:', 'CONFIG_INVALID'],
    ['sqlite::memory:', 'CONFIG_INVALID'],
    ['duckdb:', 'CONFIG_INVALID'],
    ['duckdb::memory:', 'CONFIG_INVALID'],
    ['oracle://ana:s3cret@db', 'UNSUPPORTED_ENGINE'],
  ])('refuses %s, and says how to write it without repeating it', (url, code) => {
    const error = caught(() => parseDatabaseUrl(url));
    expect(error).toMatchObject({ code, hint: expect.stringMatching(/postgres:|ssl-mode/) });
    expect(JSON.stringify([String(error), error])).not.toContain('s3cret');
  });

  it.each([
    ['postgres://ana:s3cret@a:5432,b:5432/shop', 'Name the one to read from'],
    ['postgres://ana:s3cret@db/shop?target_session_attrs=standby', 'name the replica itself'],
    ['postgres://ana:s3cret@/shop?service=s3cret', 'Write what it says into the URL'],
    ['postgres://postgres.abc:[YOUR-PASSWORD]@pooler.supabase.com:6543/postgres', 'DB_PASSWORD_FILE'],
  ])('refuses %s with what to do instead', (url, hint) => {
    const error = caught(() => parseDatabaseUrl(url));
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', hint: expect.stringContaining(hint) });
    expect(JSON.stringify([String(error), error])).not.toContain('s3cret');
  });

  const text = fc.string({ unit: 'grapheme', minLength: 1 });
  const SCHEMES = [
    'postgres',
    'postgresql',
    'postgresql+asyncpg',
    'mysql',
    'mariadb',
    'mongodb',
    'mongodb+srv',
    'snowflake',
  ];

  it('reads back any user, password and database that were percent-encoded', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SCHEMES), text, text, text, (scheme, user, password, database) => {
        fc.pre(!PLACEHOLDER.test(password));
        const [u, p, d] = [user, password, database].map(encodeURIComponent);
        const settings = parseDatabaseUrl(`${scheme}://${u}:${p}@db.example.org/${d}?x=1`);
        expect(settings).toMatchObject({ user, password, database });
      }),
    );
  });

  it('reads back a password that stands there as it is', () => {
    // Without what could be the beginning of an escape, of the query, or of another host.
    const raw = fc
      .string({ unit: fc.constantFrom(...'aB3:/@#!$&*()+,;=[]<>"\'\\|^`{}~ üß€🦆'), minLength: 1 })
      .filter((password) => !PLACEHOLDER.test(password));
    fc.assert(
      fc.property(fc.constantFrom(...SCHEMES), raw, (scheme, password) => {
        const settings = parseDatabaseUrl(`${scheme}://ana:${password}@db.example.org/shop?x=1`);
        expect(settings).toMatchObject({ user: 'ana', password, database: 'shop' });
      }),
    );
  });

  it('never tells a password, whatever else is wrong', () => {
    const wrong = fc.constantFrom(
      ':99999/shop',
      ':x/shop',
      ',other/shop',
      '/shop?sslmode=x',
      '/shop?ssl=true',
      '/shop?ssl-mode=x',
      '/shop?tls=x&sslmode=y',
      '/shop?target_session_attrs=standby',
      '/shop?authenticator=x',
      '',
    );
    const password = fc.string({ unit: 'grapheme' }).map((random) => `s3cret${random}`);
    fc.assert(
      fc.property(fc.constantFrom(...SCHEMES, 'oracle', 'postgresql+ssh'), password, wrong, (scheme, secret, rest) => {
        for (const form of [secret, encodeURIComponent(secret)]) {
          const error = caught(() => parseDatabaseUrl(`${scheme}://ana:${form}@db.example.org${rest}`));
          expect(JSON.stringify([String(error), error ?? null])).not.toContain('s3cret');
        }
      }),
    );
  });

  it('never throws anything but an error with a hint', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('postgres://', 'sqlite:', 'file:', ''),
        fc.string({ unit: 'binary' }),
        (scheme, rest) => {
          const error = caught(() => parseDatabaseUrl(scheme + rest));
          if (error !== undefined) expect(error).toHaveProperty('hint');
        },
      ),
    );
  });
});

const PLACEHOLDER = /your.?password/i;

function caught(act: () => unknown): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error;
  }
}
