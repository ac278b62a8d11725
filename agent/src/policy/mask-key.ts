import { createHash, randomBytes } from 'node:crypto';

/** The key of the masks that hash: of the secret where one is set, which then has to be the same for equal hashes. */
export function maskKey(secret: string | undefined): Buffer {
  return secret === undefined ? randomBytes(32) : createHash('sha256').update(secret).digest();
}
