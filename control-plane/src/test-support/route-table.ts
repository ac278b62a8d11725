import type { z } from 'zod';
import * as accounts from '#core/protocol/accounts.ts';
import { ConnectionList, ConnectionView, CreatedConnection, SchemaRefresh, SchemaView } from '#core/protocol/api.ts';
import { logIn, PASSWORD, type Person, someEmail } from './person.ts';
import type { TestServer } from './test-server.ts';

/** Whose thing is meant, and who may make one to be asked for. */
export interface Scene {
  readonly server: TestServer;
  /** Of the organization whose thing it is. */
  readonly owner: Person;
  /** Who asks. */
  readonly asker: Person;
  /** A member that may be removed, made when needed. */
  readonly spareMember: () => Promise<string>;
}

interface Route {
  /** The role it takes; `public` is for everybody, without a token too. */
  readonly least: accounts.Role | 'public';
  /** What it answers with when it is allowed. */
  readonly status: number;
  /** A page: takes a form, answers with HTML. */
  readonly form?: true;
  /** Only a person who is logged in. */
  readonly session?: true;
  readonly answer?: z.ZodType;
  /** A fresh thing of the owner's organization for the path's parameters. */
  readonly thing?: (scene: Scene) => Promise<Readonly<Record<string, string>>>;
  readonly body?: (params: Readonly<Record<string, string>>) => unknown;
}

const made = async (person: Person, path: string, body: object) => (await person.call('POST', path, body)).body;
const name = () => someEmail('thing').split('@')[0] ?? '';

const connection: Route['thing'] = async ({ owner }) => ({
  id: (await made(owner, '/api/v1/connections', { name: name(), db_type: 'POSTGRESQL' })).id,
});
const agentKey: Route['thing'] = async ({ owner }) => {
  const { id } = await made(owner, '/api/v1/connections', { name: name(), db_type: 'POSTGRESQL' });
  const { body } = await owner.call('GET', `/api/v1/connections/${id}/keys`);
  return { id, key: body.keys[0].id };
};
const organization: Route['thing'] = async ({ owner }) => ({ id: owner.organizationId });
const invitation: Route['thing'] = async ({ owner }) => ({
  id: (await made(owner, '/api/v1/invitations', { email: someEmail() })).id,
});
/** One's own, where the asker is of that organization. */
const token: Route['thing'] = async ({ owner, asker }) => {
  const maker = asker.organizationId === owner.organizationId ? asker : owner;
  return { id: (await made(maker, '/api/v1/tokens', { name: name(), scopes: ['connections:read'] })).id };
};
const session: Route['thing'] = async ({ server, owner, asker }) => {
  const holder = asker.organizationId === owner.organizationId ? asker : owner;
  const other = await logIn(server, holder.email);
  const { body } = await other.call('GET', '/api/v1/auth/sessions');
  return { id: body.sessions.find(({ current }: { current: boolean }) => current).id };
};
const email = () => ({ email: someEmail() });
const unknownLink = 'A'.repeat(43);

const PUBLIC: Readonly<Record<string, Route>> = {
  'GET /health': { least: 'public', status: 200 },
  'GET /ready': { least: 'public', status: 200 },
  'POST /api/v1/auth/signup': {
    ...{ least: 'public', status: 202, answer: accounts.MailQueued },
    body: () => ({ email: someEmail(), password: PASSWORD }),
  },
  'POST /api/v1/auth/resend-verification': { least: 'public', status: 202, body: email, answer: accounts.MailQueued },
  'POST /api/v1/auth/forgot-password': { least: 'public', status: 202, body: email, answer: accounts.MailQueued },
  'POST /api/v1/auth/verify-email': { least: 'public', status: 400, body: () => ({ token: unknownLink }) },
  'POST /api/v1/auth/reset-password': {
    ...{ least: 'public', status: 400, body: () => ({ token: unknownLink, password: PASSWORD }) },
  },
  'POST /api/v1/auth/login': { least: 'public', status: 401, body: () => ({ email: someEmail(), password: PASSWORD }) },
  'POST /api/v1/auth/refresh': { least: 'public', status: 401, body: () => ({ refresh_token: 'crt_x' }) },
  'POST /api/v1/auth/logout': { least: 'public', status: 204, body: () => ({ refresh_token: 'crt_x' }) },
  'POST /api/v1/auth/device_authorization': {
    ...{ least: 'public', status: 200, answer: accounts.DeviceAuthorization },
    body: () => ({ client_id: accounts.CLIENT_ID }),
  },
  'POST /api/v1/auth/token': {
    ...{ least: 'public', status: 400, answer: accounts.OAuthError },
    body: () => ({ grant_type: accounts.DEVICE_GRANT_TYPE, device_code: 'x', client_id: accounts.CLIENT_ID }),
  },
  'POST /api/v1/invitations/find': { least: 'public', status: 400, body: () => ({ token: unknownLink }) },
  'POST /api/v1/invitations/accept': {
    ...{ least: 'public', status: 400, body: () => ({ token: unknownLink, password: PASSWORD }) },
  },
};

/** Answers with a page, and its form is sent as a form. */
const page = (status: number, body?: () => Readonly<Record<string, string>>): Route => ({
  ...{ least: 'public', status, form: true },
  ...(body === undefined ? {} : { body }),
});

const WEB_PAGES: Readonly<Record<string, Route>> = {
  'GET /': page(200),
  'GET /done/:what': page(404),
  'GET /assets/:file': page(404),
  'GET /forgot-password': page(200),
  'POST /forgot-password': page(303, email),
  'GET /resend-verification': page(200),
  'POST /resend-verification': page(303, email),
  'GET /verify-email': page(400),
  'POST /verify-email': page(400, () => ({ token: unknownLink })),
  'GET /reset-password': page(400),
  'POST /reset-password': page(400, () => ({ token: unknownLink, password: PASSWORD })),
  'GET /accept-invitation': page(400),
  'POST /accept-invitation': page(400, () => ({ token: unknownLink, password: PASSWORD })),
  // Without the pages' own cookie nobody is logged in there: an API token or a session's is nothing to them.
  'GET /device': page(200),
  'POST /device': page(303, () => ({ user_code: 'BBBB-BBBB', form_token: unknownLink, decision: 'approve' })),
  'GET /log-in': page(303),
  'POST /log-in': page(401, () => ({ ...email(), password: PASSWORD })),
  'GET /log-out': page(303),
  'POST /log-out': page(303, () => ({ form_token: unknownLink })),
};

const CONNECTIONS: Readonly<Record<string, Route>> = {
  'GET /api/v1/connections': { least: 'viewer', status: 200, answer: ConnectionList },
  'POST /api/v1/connections': {
    ...{ least: 'admin', status: 201, answer: CreatedConnection },
    body: () => ({ name: name(), db_type: 'POSTGRESQL' }),
  },
  'GET /api/v1/connections/:id': { least: 'viewer', status: 200, thing: connection, answer: ConnectionView },
  'DELETE /api/v1/connections/:id': { least: 'admin', status: 204, thing: connection },
  'GET /api/v1/connections/:id/schema': { least: 'viewer', status: 200, thing: connection, answer: SchemaView },
  'POST /api/v1/connections/:id/refresh-schema': {
    least: 'member',
    status: 200,
    thing: connection,
    answer: SchemaRefresh,
  },
  'GET /api/v1/connections/:id/keys': { least: 'admin', status: 200, thing: connection, answer: accounts.AgentKeyList },
  'POST /api/v1/connections/:id/rotate-key': {
    ...{ least: 'admin', status: 201, thing: connection, body: () => ({}), answer: accounts.RotatedKey },
  },
  'DELETE /api/v1/connections/:id/keys/:key': { least: 'admin', status: 204, thing: agentKey },
  'POST /api/v1/query': {
    ...{ least: 'member', status: 200, thing: connection },
    body: ({ id = 'nothing' }) => ({ connection_id: id, sql: 'SELECT 1' }),
  },
};

const PEOPLE: Readonly<Record<string, Route>> = {
  'GET /api/v1/auth/profile': { least: 'viewer', status: 200, answer: accounts.ProfileView },
  'PUT /api/v1/auth/profile': {
    ...{
      least: 'viewer',
      status: 200,
      session: true,
      answer: accounts.ProfileView,
      body: () => ({ last_name: 'King' }),
    },
  },
  'GET /api/v1/auth/sessions': { least: 'viewer', status: 200, session: true, answer: accounts.SessionList },
  'DELETE /api/v1/auth/sessions/:id': { least: 'viewer', status: 204, session: true, thing: session },
  ...Object.fromEntries(
    ['find', 'approve', 'deny'].map((verb) => [
      `POST /api/v1/auth/device/${verb}`,
      { least: 'viewer', status: 404, session: true, body: () => ({ user_code: 'BBBB-BBBB' }) } satisfies Route,
    ]),
  ),
  'GET /api/v1/tokens': { least: 'viewer', status: 200, answer: accounts.TokenList },
  'POST /api/v1/tokens': {
    ...{ least: 'viewer', status: 201, answer: accounts.CreatedToken },
    body: () => ({ name: name(), scopes: ['connections:read'] }),
  },
  'DELETE /api/v1/tokens/:id': { least: 'viewer', status: 204, thing: token },
  'GET /api/v1/organizations': { least: 'viewer', status: 200, session: true, answer: accounts.OrganizationList },
  'POST /api/v1/organizations': {
    ...{
      least: 'viewer',
      status: 201,
      session: true,
      answer: accounts.OrganizationView,
      body: () => ({ name: 'Another' }),
    },
  },
  'GET /api/v1/organizations/:id': {
    ...{ least: 'viewer', status: 200, session: true, thing: organization, answer: accounts.OrganizationView },
  },
  'PUT /api/v1/organizations/:id': {
    ...{ least: 'owner', status: 200, thing: organization, answer: accounts.OrganizationView },
    body: () => ({ name: 'Renamed' }),
  },
  'POST /api/v1/organizations/:id/use': {
    ...{ least: 'viewer', status: 200, session: true, thing: organization, answer: accounts.UsedOrganization },
  },
  'GET /api/v1/members': { least: 'viewer', status: 200, answer: accounts.MemberList },
  'PUT /api/v1/members/:id': {
    ...{ least: 'admin', status: 200, answer: accounts.MemberView, body: () => ({ role: 'viewer' }) },
    thing: async ({ spareMember }) => ({ id: await spareMember() }),
  },
  'DELETE /api/v1/members/:id': {
    ...{ least: 'admin', status: 204, thing: async ({ spareMember }) => ({ id: await spareMember() }) },
  },
  'GET /api/v1/invitations': { least: 'viewer', status: 200, answer: accounts.InvitationList },
  'POST /api/v1/invitations': { least: 'admin', status: 201, body: email, answer: accounts.InvitationView },
  'DELETE /api/v1/invitations/:id': { least: 'admin', status: 204, thing: invitation },
  'GET /api/v1/audit': { least: 'admin', status: 200, answer: accounts.AuditPage },
  'GET /api/v1/audit/verify': { least: 'admin', status: 200, answer: accounts.AuditVerdict },
};

/** Every route, and what each role may do there: what is not in it fails the test. */
export const ROUTES: Readonly<Record<string, Route>> = {
  ...PUBLIC,
  ...WEB_PAGES,
  ...CONNECTIONS,
  ...PEOPLE,
  // For who runs the server: the owner of any other organization is refused, see readiness.test.ts.
  'GET /production-readiness': { least: 'owner', status: 403 },
};
