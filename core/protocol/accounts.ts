import { z } from 'zod';

/**
 * Accounts, organizations and keys on /api/v1, as both the control plane and the CLI parse them. What
 * every answer to a wrong e-mail, link or password looks like is in docs/accounts.md.
 */

export const ROLES = ['owner', 'admin', 'member', 'viewer'] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

/** What a role allows and a token may be limited to. */
export const PERMISSIONS = [
  ...(['query', 'connections:read', 'connections:write', 'members:read', 'members:write'] as const),
  ...(['tokens:write', 'audit:read', 'organization:write'] as const),
] as const;
export const Permission = z.enum(PERMISSIONS);
export type Permission = z.infer<typeof Permission>;

/** Bytes of UTF-8: long enough for any passphrase; nothing is ever cut off. */
const MAX_PASSWORD_BYTES = 1024;
export const MIN_PASSWORD_CHARACTERS = 12;

/** Checked where an account is looked up; here only that it is no more than an address can be. */
const email = z.string().min(3, 'an e-mail address').max(320, 'at most 254 characters');
const password = z
  .string()
  .min(1, 'a password')
  .refine((text) => text.isWellFormed(), 'text in UTF-8')
  .refine((text) => Buffer.byteLength(text) <= MAX_PASSWORD_BYTES, `at most ${MAX_PASSWORD_BYTES} bytes`);

/**
 * No control characters and no direction marks: it stands in mails, logs and terminals. No addresses of web sites either:
 * it stands in mails that somebody can have sent to anybody.
 */
const name = (characters: number) =>
  z
    .string()
    .trim()
    .max(characters, `at most ${characters} characters`)
    .refine(
      (text) => text.isWellFormed() && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text),
      'text without control characters',
    )
    .refine((text) => !/:\/\/|www\./i.test(text), 'no address of a web site')
    .transform((text) => text.normalize('NFC'));
const personName = name(100);
const givenName = name(100).refine((text) => text.length > 0, 'at least one character');
const link = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'the token of the link, 43 characters');
const client = name(200).optional();

export const SignupRequest = z.strictObject({
  ...{ email, password, first_name: personName.default(''), last_name: personName.default('') },
  /** Of the organization that is made with the account; without it one named after the person. */
  organization: givenName.optional(),
});
export const EmailRequest = z.strictObject({ email });
export const LinkRequest = z.strictObject({ token: link });
export const ResetPasswordRequest = z.strictObject({ token: link, password });
/** `client`: what asks, for the list of sessions ("custard on ada-laptop"). */
export const LoginRequest = z.strictObject({ email, password, client });
export const RefreshRequest = z.strictObject({ refresh_token: z.string().min(1).max(200) });
export const LogoutRequest = z.strictObject({
  refresh_token: z.string().min(1).max(200).optional(),
  /** Every session of the account. */
  all: z.boolean().optional(),
});
export const UpdateProfile = z.strictObject({
  ...{ first_name: personName.optional(), last_name: personName.optional() },
  /** Takes effect once the link that is mailed to it is followed. */
  email: email.optional(),
  new_password: password.optional(),
  /** Needed for a new e-mail address and for a new password. */
  current_password: password.optional(),
});

/** 202: the answer is the same whether there is an account or not. */
export const MailQueued = z.object({ status: z.literal('mail_queued'), message: z.string() });
export type MailQueued = z.infer<typeof MailQueued>;

export const OrganizationView = z.object({ id: z.string(), name: z.string(), role: Role, created_at: z.string() });
export type OrganizationView = z.infer<typeof OrganizationView>;

export const ProfileView = z.object({
  id: z.string(),
  /** Null for the owner the bootstrap token belongs to. */
  email: z.string().nullable(),
  first_name: z.string(),
  last_name: z.string(),
  organization: OrganizationView,
  /** What the session or token that asks may do here. */
  permissions: z.array(Permission),
  authenticated_by: z.enum(['session', 'token']),
});
export type ProfileView = z.infer<typeof ProfileView>;

/** RFC 6749, 5.1, and who it is. */
export const SessionTokens = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  /** Seconds. */
  expires_in: z.int(),
  refresh_token: z.string(),
  user: z.object({ id: z.string(), email: z.string().nullable() }),
  organization: z.object({ id: z.string(), name: z.string(), role: Role }),
});
export type SessionTokens = z.infer<typeof SessionTokens>;

/** POST /organizations/{id}/use: the refresh token stays the same. */
export const UsedOrganization = SessionTokens.omit({ refresh_token: true, user: true });
export type UsedOrganization = z.infer<typeof UsedOrganization>;

/** POST /auth/verify-email: a new account, or an account's new address. */
export const VerifiedEmail = z.object({ email: z.string(), purpose: z.enum(['signup', 'email_change']) });

export const SessionView = z.object({
  ...{ id: z.string(), client: z.string(), created_at: z.string(), last_used_at: z.string(), expires_at: z.string() },
  current: z.boolean(),
});
export type SessionView = z.infer<typeof SessionView>;
export const SessionList = z.object({ sessions: z.array(SessionView) });

// Device authorization, RFC 8628

export const DEVICE_GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:device_code';
/** The one client there is; a device says what it is in `client`. */
export const CLIENT_ID = 'custard-cli';

/** Any text at first: what is wrong with it has a code of its own in OAuth. */
const oauthText = z.string().min(1).max(200);

export const DeviceAuthorizationRequest = z.strictObject({ client_id: oauthText, client });
export const DeviceAuthorization = z.object({
  ...{ device_code: z.string(), user_code: z.string(), verification_uri: z.string() },
  ...{ verification_uri_complete: z.string(), expires_in: z.int(), interval: z.int() },
});
export type DeviceAuthorization = z.infer<typeof DeviceAuthorization>;
export const DeviceTokenRequest = z.strictObject({
  ...{ grant_type: oauthText, device_code: oauthText, client_id: oauthText },
});
/** RFC 6749, 5.2: what the token endpoint answers with instead of Custard's own errors. */
export const OAuthError = z.object({
  error: z.enum([
    ...(['authorization_pending', 'slow_down', 'access_denied', 'expired_token', 'invalid_grant'] as const),
    ...(['invalid_request', 'invalid_client', 'unsupported_grant_type'] as const),
  ]),
  error_description: z.string(),
});
export type OAuthError = z.infer<typeof OAuthError>;
export const UserCodeRequest = z.strictObject({ user_code: z.string().min(1).max(40) });
export const DeviceGrantView = z.object({
  ...{ user_code: z.string(), client: z.string(), address: z.string(), created_at: z.string(), expires_at: z.string() },
});
export type DeviceGrantView = z.infer<typeof DeviceGrantView>;

// Tokens of people and CI jobs

export const CreateToken = z.strictObject({
  name: givenName,
  /** `personal` ends with its maker's membership; `ci` stays, with the role of a member at most. */
  kind: z.enum(['personal', 'ci']).default('personal'),
  scopes: z.array(Permission).min(1).max(PERMISSIONS.length).default(['query', 'connections:read']),
  /** Days; null never ends. */
  expires_in_days: z.int().positive().max(3650).nullable().default(90),
});
export const TokenView = z.object({
  ...{ id: z.string(), name: z.string(), kind: z.enum(['personal', 'ci']), beginning: z.string() },
  /** Null: everything its holder may do. */
  scopes: z.array(Permission).nullable(),
  ...{ created_by: z.string(), created_at: z.string() },
  ...{ expires_at: z.string().nullable(), last_used_at: z.string().nullable() },
});
export type TokenView = z.infer<typeof TokenView>;
/** POST /tokens only: the token is shown this once. */
export const CreatedToken = TokenView.extend({ token: z.string() });
export type CreatedToken = z.infer<typeof CreatedToken>;
export const TokenList = z.object({ tokens: z.array(TokenView) });

// Organizations, members, invitations

export const OrganizationName = z.strictObject({ name: givenName });
export const OrganizationList = z.object({ organizations: z.array(OrganizationView), current: z.string() });

export const MemberView = z.object({
  ...{ user_id: z.string(), email: z.string().nullable(), first_name: z.string(), last_name: z.string() },
  ...{ role: Role, joined_at: z.string() },
});
export type MemberView = z.infer<typeof MemberView>;
export const MemberList = z.object({ members: z.array(MemberView) });
export const ChangeRole = z.strictObject({ role: Role });

export const CreateInvitation = z.strictObject({ email, role: Role.default('member') });
export const InvitationView = z.object({
  ...{ id: z.string(), email: z.string(), role: Role, invited_by: z.string() },
  ...{ created_at: z.string(), expires_at: z.string() },
});
export type InvitationView = z.infer<typeof InvitationView>;
export const InvitationList = z.object({ invitations: z.array(InvitationView) });
/** What the mail's link shows to whoever holds it. */
export const InvitationOffer = z.object({
  ...{ organization: z.string(), email: z.string(), role: Role, expires_at: z.string() },
  /** Then `password` is the account's own; else it becomes the new account's. */
  has_account: z.boolean(),
});
export type InvitationOffer = z.infer<typeof InvitationOffer>;
export const AcceptInvitation = z.strictObject({
  ...{ token: link, password, client },
  ...{ first_name: personName.optional(), last_name: personName.optional() },
});

// Agents' keys

export const RotateKey = z.strictObject({
  /** How long the key that is replaced stays good; 0 ends it, and its agents' links, at once. */
  grace_minutes: z
    .int()
    .nonnegative()
    .max(7 * 24 * 60, 'at most 10080, a week')
    .default(24 * 60),
});
export const AgentKeyView = z.object({
  ...{ id: z.string(), beginning: z.string(), created_at: z.string() },
  ...{ last_used_at: z.string().nullable(), expires_at: z.string().nullable() },
});
export type AgentKeyView = z.infer<typeof AgentKeyView>;
export const AgentKeyList = z.object({ keys: z.array(AgentKeyView) });
/** POST /connections/{id}/rotate-key only: the key is shown this once. */
export const RotatedKey = AgentKeyView.extend({ api_key: z.string() });
export type RotatedKey = z.infer<typeof RotatedKey>;

// The audit log

export const AuditEntry = z.object({
  ...{ sequence: z.int(), at: z.string(), actor: z.string(), action: z.string(), subject: z.string() },
  ...{ detail: z.record(z.string(), z.json()), hash: z.string() },
});
export type AuditEntry = z.infer<typeof AuditEntry>;
/** The newest first. `next`: the `before` of the next page, null on the last. */
export const AuditPage = z.object({ entries: z.array(AuditEntry), next: z.int().nullable() });
export type AuditPage = z.infer<typeof AuditPage>;
export const AuditVerdict = z.object({
  ok: z.boolean(),
  /** Rows that were looked at. */
  entries: z.int(),
  /** The sequence number of the first row that does not fit. */
  broken_at: z.int().nullable(),
  /** Of the last row that fits: keep it elsewhere, and a log cut short shows. */
  head: z.object({ sequence: z.int(), hash: z.string() }).nullable(),
});
export type AuditVerdict = z.infer<typeof AuditVerdict>;
