import type { Permission, Role } from './permissions.ts';

/** Who asks: the organization everything is looked up in, and the person and token for the records. */
export interface Principal {
  readonly organizationId: string;
  readonly userId: string;
  /** Of the token or the session, for the records. */
  readonly tokenId: string;
  /** A session is a person who logged in; only that may see to the account itself. */
  readonly kind: 'session' | 'token';
  readonly role: Role;
  /** What a token was limited to; null is all that the role may do. */
  readonly scopes: readonly Permission[] | null;
}
