import { domainToASCII } from 'node:url';

/** RFC 5321, 4.5.3.1. */
const MAX_LOCAL_CHARACTERS = 64;
const MAX_CHARACTERS = 254;

const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * One text for one mailbox, or null when it is no address Custard takes. Mail goes to that text, never to what
 * was typed, so whoever writes an address in another way reaches nobody else's account.
 *
 * - Compatibility forms become the plain ones (NFKC: full-width letters), case is folded.
 * - Before the @ only ASCII is taken: a Cyrillic а in somebody's name cannot be told from a Latin one.
 * - A domain of other letters becomes its ASCII form (xn--…), and is shown as that: two that look alike differ.
 */
export function normalizeEmail(typed: string): string | null {
  if (typed.length > 4 * MAX_CHARACTERS) return null;
  const text = typed.trim().normalize('NFKC').toLowerCase();
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  const given = text.slice(at + 1);
  if (local.length > MAX_LOCAL_CHARACTERS || !LOCAL.test(local) || /[%\s/\\?#:[\]]/.test(given)) return null;
  const domain = domainToASCII(given);
  const email = `${local}@${domain}`;
  return DOMAIN.test(domain) && email.length <= MAX_CHARACTERS ? email : null;
}
