import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits as 43 characters that may stand in a link. */
export function createOpaqueToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored in its stead. It is random, so nothing slower than SHA-256 is needed. */
export function hashOpaqueToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
