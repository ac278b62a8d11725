import { createHash } from 'node:crypto';

/** Of a lower-case password: with 10,000 of them, one of 430,000 others has a fingerprint of the list by chance. */
export function passwordFingerprint(password: string): number {
  return createHash('sha256').update(password).digest().readUInt32LE(0);
}
