import { z } from 'zod';
import {
  AuditPage,
  AuditVerdict,
  CLIENT_ID,
  CreatedToken,
  type CreateToken,
  DEVICE_GRANT_TYPE,
  DeviceAuthorization,
  InvitationList,
  InvitationView,
  MailQueued,
  MemberList,
  MemberView,
  OAuthError,
  OrganizationList,
  OrganizationView,
  ProfileView,
  type Role,
  RotatedKey,
  SessionList,
  SessionTokens,
  type SignupRequest,
  TokenList,
  UsedOrganization,
} from '#core/protocol/accounts.ts';
import type { ApiClient } from './api-client.ts';

const AUTH = 'api/v1/auth';
const at = (path: string, id: string): string => `${path}/${encodeURIComponent(id)}`;

// One's account and its sessions

export const signUp = (api: ApiClient, body: z.input<typeof SignupRequest>): Promise<MailQueued> =>
  api.json('POST', `${AUTH}/signup`, MailQueued, { body });

export const resendVerification = (api: ApiClient, email: string): Promise<MailQueued> =>
  api.json('POST', `${AUTH}/resend-verification`, MailQueued, { body: { email } });

export const forgotPassword = (api: ApiClient, email: string): Promise<MailQueued> =>
  api.json('POST', `${AUTH}/forgot-password`, MailQueued, { body: { email } });

export const logIn = (
  api: ApiClient,
  body: { readonly email: string; readonly password: string; readonly client: string },
): Promise<SessionTokens> => api.json('POST', `${AUTH}/login`, SessionTokens, { body });

export const refreshSession = (api: ApiClient, refreshToken: string): Promise<SessionTokens> =>
  api.json('POST', `${AUTH}/refresh`, SessionTokens, { body: { refresh_token: refreshToken } });

export const logOut = (api: ApiClient, refreshToken: string, all: boolean): Promise<void> =>
  api.done('POST', `${AUTH}/logout`, { body: { refresh_token: refreshToken, all } });

export const profile = (api: ApiClient): Promise<ProfileView> => api.json('GET', `${AUTH}/profile`, ProfileView);

export const sessions = async (api: ApiClient) => (await api.json('GET', `${AUTH}/sessions`, SessionList)).sessions;

export const authorizeDevice = (api: ApiClient, client: string): Promise<DeviceAuthorization> =>
  api.json('POST', `${AUTH}/device_authorization`, DeviceAuthorization, { body: { client_id: CLIENT_ID, client } });

export const pollDevice = (api: ApiClient, deviceCode: string): Promise<SessionTokens | OAuthError> =>
  api.json('POST', `${AUTH}/token`, z.union([SessionTokens, OAuthError]), {
    body: { grant_type: DEVICE_GRANT_TYPE, device_code: deviceCode, client_id: CLIENT_ID },
    answers: [400],
  });

// Organizations, members, invitations

const ORGANIZATIONS = 'api/v1/organizations';
const MEMBERS = 'api/v1/members';
const INVITATIONS = 'api/v1/invitations';

export const organizations = (api: ApiClient) => api.json('GET', ORGANIZATIONS, OrganizationList);

export const createOrganization = (api: ApiClient, name: string): Promise<OrganizationView> =>
  api.json('POST', ORGANIZATIONS, OrganizationView, { body: { name } });

export const renameOrganization = (api: ApiClient, id: string, name: string): Promise<OrganizationView> =>
  api.json('PUT', at(ORGANIZATIONS, id), OrganizationView, { body: { name } });

export const useOrganization = (api: ApiClient, id: string): Promise<UsedOrganization> =>
  api.json('POST', `${at(ORGANIZATIONS, id)}/use`, UsedOrganization);

export const members = async (api: ApiClient) => (await api.json('GET', MEMBERS, MemberList)).members;

export const changeRole = (api: ApiClient, id: string, role: Role): Promise<MemberView> =>
  api.json('PUT', at(MEMBERS, id), MemberView, { body: { role } });

export const removeMember = (api: ApiClient, id: string): Promise<void> => api.done('DELETE', at(MEMBERS, id));

export const invitations = async (api: ApiClient) => (await api.json('GET', INVITATIONS, InvitationList)).invitations;

export const invite = (api: ApiClient, email: string, role: Role): Promise<InvitationView> =>
  api.json('POST', INVITATIONS, InvitationView, { body: { email, role } });

export const revokeInvitation = (api: ApiClient, id: string): Promise<void> => api.done('DELETE', at(INVITATIONS, id));

// Tokens, agents' keys, the audit log

const TOKENS = 'api/v1/tokens';

export const tokens = async (api: ApiClient) => (await api.json('GET', TOKENS, TokenList)).tokens;

export const createToken = (api: ApiClient, body: z.input<typeof CreateToken>): Promise<CreatedToken> =>
  api.json('POST', TOKENS, CreatedToken, { body });

export const revokeToken = (api: ApiClient, id: string): Promise<void> => api.done('DELETE', at(TOKENS, id));

export const rotateKey = (api: ApiClient, connectionId: string, graceMinutes: number): Promise<RotatedKey> =>
  api.json('POST', `${at('api/v1/connections', connectionId)}/rotate-key`, RotatedKey, {
    body: { grace_minutes: graceMinutes },
  });

export const auditPage = (
  api: ApiClient,
  { before, limit }: { readonly before: number | null; readonly limit: number },
): Promise<AuditPage> => {
  const query = new URLSearchParams({ limit: String(limit), ...(before === null ? {} : { before: String(before) }) });
  return api.json('GET', `api/v1/audit?${query}`, AuditPage);
};

export const verifyAudit = (api: ApiClient): Promise<AuditVerdict> =>
  api.json('GET', 'api/v1/audit/verify', AuditVerdict);
