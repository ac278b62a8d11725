import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { type AccountSuite, describeAccounts } from './test-support/account-suite.ts';
import { call, type Person, signUp } from './test-support/person.ts';
import { ROUTES } from './test-support/route-table.ts';
import { SHOP } from './test-support/shop-schema.ts';

/** Every route that reads anything, with everything that is not what it reads. */

const RUNS = 60;
/** Never a 5xx, and always with what to do next; or OAuth's own form of it. */
function expectRefusal(what: unknown, { route, status, body }: Raw): void {
  const told = typeof body.error === 'string' ? body.error_description : body.error?.hint;
  const refusals = ROUTES[route]?.least === 'public' ? [400, 401, 413, 429] : [400, 404, 413, 422, 429];
  expect([what, status, typeof told]).toEqual([what, expect.toBeOneOf(refusals), 'string']);
}

interface Raw {
  readonly route: string;
  readonly status: number;
  readonly body: { readonly error?: string | { readonly hint?: string }; readonly error_description?: string };
}

// Pages take forms: routes/pages/pages.test.ts.
const READING = Object.entries(ROUTES).filter(([, { body, form }]) => body !== undefined && form === undefined);

/** Text that is trouble somewhere: in SQL, in mail, in a terminal, in a database. */
const nasty = fc.constantFrom(
  ...['', ' ', '\0', 'a\0b', '\u202Egnp.exe', '\uD800', '\r\nBcc: x@example.com', "' OR 1=1 --", '#{7*7}', '{{link}}'],
  ...[
    '../../etc/passwd',
    '<script>',
    '%00',
    'ÿ'.repeat(300),
    'x'.repeat(5000),
    '🙂'.repeat(400),
    'а@example.com',
    'a@b@c',
  ],
);
const wrongType = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1e308, [], {}, [[]], { toString: 'x' }, ['a@example.com']),
  fc.jsonValue({ maxDepth: 2 }),
);
const wrong = fc.oneof(nasty, wrongType, fc.string({ unit: 'binary' }));

describeAccounts('bad input', (suite) => {
  let person: Person;
  let address = 0;
  beforeAll(async () => {
    suite.server.gateway.onDescribe = async () => SHOP;
    person = await signUp(suite.server);
  });

  /** Each try from somewhere else, or the limits would answer for everything. */
  const send = async (route: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Raw> => {
    const [method = '', pattern = ''] = route.split(' ');
    address += 1;
    const response = await fetch(`${suite.server.server.url}${pattern.replace(/:\w+/g, 'nothing')}`, {
      ...{ method, body: new Uint8Array(Buffer.from(body)) },
      headers: {
        ...(ROUTES[route]?.least === 'public' ? {} : { authorization: `Bearer ${person.tokens.access_token}` }),
        'content-type': 'application/json',
        ...{ 'x-forwarded-for': `10.9.${address >> 8}.${address & 255}`, ...headers },
      },
    });
    const text = await response.text();
    return { route, status: response.status, body: text === '' ? {} : JSON.parse(text) };
  };
  const good = (route: string): Record<string, unknown> => ({
    ...(ROUTES[route]?.body?.({ id: 'nothing' }) as object),
  });

  for (const [route] of READING) {
    it(`is refused by ${route}, and nothing is half written`, async () => {
      const fields = Object.keys(good(route));
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...fields, 'unknown'), wrong, async (field, value) => {
          const before = await rows(suite);
          const given = await send(route, JSON.stringify({ ...good(route), [field]: value }));
          // Some of it is good after all: a name may be nearly anything.
          if (given.status < 400) return;
          expectRefusal([field, value], given);
          expect([field, value, await rows(suite)]).toEqual([field, value, before]);
        }),
        { numRuns: RUNS },
      );
      for (const field of fields) {
        const { [field]: _left, ...rest } = good(route);
        const { status } = await send(route, JSON.stringify(rest));
        expect([field, status < 500]).toEqual([field, true]);
        const text = JSON.stringify(good(route));
        const twice = `${text.slice(0, -1)},${JSON.stringify(field)}:"x"}`;
        expectRefusal([field, 'twice'], await send(route, twice));
      }
    });

    it(`is refused by ${route} in every wrong form`, async () => {
      const text = JSON.stringify(good(route));
      const bodies: readonly (string | Buffer)[] = [
        ...['', '{', '[]', 'null', '"x"', '1', `${text}${text}`, `{"unknown":${text}}`],
        ...[Buffer.from(`{"email":"\xFF\xFE"}`, 'latin1'), Buffer.from([0]), '['.repeat(100_000)],
        `{"__proto__":{"admin":true},${text.slice(1)}`,
      ];
      const before = await rows(suite);
      for (const [index, body] of bodies.entries()) expectRefusal(index, await send(route, body));
      const large = JSON.stringify({ email: 'x'.repeat(1024 * 1024 + 1) });
      expectRefusal('large', await send(route, large));
      for (const type of ['text/plain', 'multipart/form-data; boundary=x', 'application/xml', 'application/jsonp', 'x'])
        expectRefusal(type, await send(route, text, { 'content-type': type }));
      const form = await send(route, new URLSearchParams({ a: 'b' }).toString(), {
        'content-type': 'application/x-www-form-urlencoded',
      });
      expectRefusal('form', form);
      expect(await rows(suite)).toEqual(before);
    });
  }

  it.each(['device_authorization', 'token'])('is refused by %s as a form too', async (verb) => {
    const route = `POST /api/v1/auth/${verb}`;
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const form of [
      '',
      'client_id=x',
      'client_id=custard-cli&client_id=custard-cli',
      'client=%FF&client_id=custard-cli',
      'client=%00&client_id=custard-cli',
      `client=${'x'.repeat(17_000)}`,
    ]) {
      expectRefusal(form.slice(0, 60), await send(route, form, type));
    }
  });

  it.each(Object.entries(ROUTES).filter(([route]) => route.includes(':id')))(
    'in the path of %s is something that is not there',
    async (route) => {
      const [method = '', pattern = ''] = route.split(' ');
      for (const id of ['%00', '%FF', "'", '%22', 'x'.repeat(3000), '%F0%9F%99%82', '%20']) {
        const body = ROUTES[route]?.body?.({ id: 'nothing' });
        const { status } = await call(suite.server, method, pattern.replace(/:\w+/g, id), body, {
          headers: { authorization: `Bearer ${person.tokens.access_token}` },
        });
        expect([id, status]).toEqual([id, expect.toBeOneOf([400, 404])]);
      }
    },
  );

  it('in a token is no way in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[\x21-\x7E]{1,300}$/), async (token) => {
        const { status, body } = await call(suite.server, 'GET', '/api/v1/auth/profile', undefined, {
          headers: { authorization: `Bearer ${token}` },
        });
        expect([token, status, body.error.code]).toEqual([token, 401, 'UNAUTHENTICATED']);
      }),
      { numRuns: RUNS },
    );
  });
});

const TABLES =
  'users organizations memberships tokens connections agent_keys invitations sessions signups mails queries'.split(' ');
const COUNT = `SELECT ${TABLES.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`).join(', ')}`;

/** How many rows there are of everything a request could half write. */
async function rows({ database: { knex } }: AccountSuite): Promise<string> {
  const counted: unknown = await knex.raw(COUNT);
  return JSON.stringify(counted, (key, value: unknown) =>
    key.startsWith('_') || key === 'fields' ? undefined : value,
  );
}
