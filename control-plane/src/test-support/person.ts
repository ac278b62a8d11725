import { randomBytes } from 'node:crypto';
import { type Role, SessionTokens } from '#core/protocol/accounts.ts';
import type { readBody, TestServer } from './test-server.ts';

/** Long, and nothing a guesser would try. */
export const PASSWORD = 'gravel otter lantern 73 quilt';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Awaited<ReturnType<typeof readBody>>;
}

/** Somebody with an account, logged in. */
export interface Person {
  readonly email: string;
  readonly userId: string;
  readonly organizationId: string;
  /** As the last log-in or refresh gave them. */
  tokens: SessionTokens;
  call(method: string, path: string, body?: unknown, init?: RequestInit): Promise<Answer>;
}

export const someEmail = (name = 'person'): string => `${name}-${randomBytes(5).toString('hex')}@example.com`;

/** Somewhere else each time, so that nobody is slowed down by what others tried. */
function someAddress(): string {
  return [10, ...randomBytes(3)].join('.');
}

/** Without a token unless the headers have one. */
export async function call(
  server: TestServer,
  method: string,
  path: string,
  body?: unknown,
  { headers, ...init }: RequestInit = {},
): Promise<Answer> {
  const response = await fetch(`${server.server.url}${path}`, {
    ...{
      method,
      ...init,
      headers: { 'content-type': 'application/json', 'x-forwarded-for': someAddress(), ...headers },
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
}

/** From the sign-up over the link in the mail to the log-in. */
export async function signUp(server: TestServer, email = someEmail()): Promise<Person> {
  await expectStatus(
    202,
    call(server, 'POST', '/api/v1/auth/signup', { email, password: PASSWORD, first_name: 'Ada' }),
  );
  const { token } = await server.outbox.next(email);
  await expectStatus(200, call(server, 'POST', '/api/v1/auth/verify-email', { token }));
  return await logIn(server, email);
}

export async function logIn(server: TestServer, email: string, password = PASSWORD): Promise<Person> {
  const { body } = await expectStatus(
    200,
    call(server, 'POST', '/api/v1/auth/login', { email, password, client: 'a test' }),
  );
  return person(server, SessionTokens.parse(body));
}

/** A member of the inviter's organization, with an account of their own. */
export async function join(server: TestServer, inviter: Person, role: Role, email = someEmail(role)): Promise<Person> {
  await expectStatus(201, inviter.call('POST', '/api/v1/invitations', { email, role }));
  const { token } = await server.outbox.next(email);
  const { body } = await expectStatus(
    200,
    call(server, 'POST', '/api/v1/invitations/accept', { token, password: PASSWORD }),
  );
  return person(server, SessionTokens.parse(body));
}

function person(server: TestServer, tokens: SessionTokens): Person {
  return {
    ...{ email: tokens.user.email ?? '', userId: tokens.user.id, organizationId: tokens.organization.id, tokens },
    call(method, path, body, init = {}) {
      const headers = { authorization: `Bearer ${this.tokens.access_token}`, ...init.headers };
      return call(server, method, path, body, { ...init, headers });
    },
  };
}

async function expectStatus(status: number, answering: Promise<Answer>): Promise<Answer> {
  const answer = await answering;
  if (answer.status !== status) throw new Error(`${answer.status}, not ${status}: ${JSON.stringify(answer.body)}`);
  return answer;
}
