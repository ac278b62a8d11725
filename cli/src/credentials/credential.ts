import { z } from 'zod';
import { Role } from '#core/protocol/accounts.ts';

const Organization = z.object({ id: z.string(), name: z.string(), role: Role });

/** What logging in left behind, for one server. */
export const Credential = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('session'),
    access_token: z.string().min(1),
    /** By this machine's clock. */
    access_expires_at: z.iso.datetime(),
    refresh_token: z.string().min(1),
    email: z.string().nullable(),
    organization: Organization,
  }),
  /** Brought with --with-token; it ends when it is revoked or expires, and is never refreshed. */
  z.object({ kind: z.literal('token'), token: z.string().min(1) }),
]);
export type Credential = z.infer<typeof Credential>;
export type SessionCredential = Extract<Credential, { kind: 'session' }>;

/** What to send to the server. */
export const secretOf = (credential: Credential): string =>
  credential.kind === 'session' ? credential.access_token : credential.token;
