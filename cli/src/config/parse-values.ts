import { CustardError } from '#core/errors.ts';
import { HARD_MAX_ROWS, MAX_TIMEOUT_MS } from '#core/protocol/limits.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** "30s", "500ms", "5m", "1h" or a bare number of seconds, in milliseconds. */
export function parseDuration(text: string, name: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim());
  const ms = match === null ? 0 : Math.round(Number(match[1]) * (UNITS[match[2] ?? 's'] ?? 0));
  if (ms >= 1 && ms <= MAX_TIMEOUT_MS) return ms;
  throw new CustardError('USAGE', `${name} is not a time this can wait: ${text}`, {
    hint: 'Write a number with ms, s, m or h, at most 1h. Example: --timeout 30s',
  });
}

/** A positive whole number; underscores may group it. */
export function parseRowCount(text: string, name: string): number {
  const count = /^\d[\d_]*$/.test(text.trim()) ? Number(text.replaceAll('_', '')) : 0;
  if (count >= 1 && count <= HARD_MAX_ROWS) return count;
  throw new CustardError('USAGE', `${name} is not a number of rows: ${text}`, {
    hint: `Write a whole number from 1 to ${HARD_MAX_ROWS}. Example: --max-rows 500`,
  });
}

/** An http(s) address, with or without the /api/v1 at its end; without credentials. */
export function parseApiUrl(text: string, source: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new CustardError('CONFIG_INVALID', `The server's address in ${source} is not an http(s) address.`, {
      hint: 'Write it like https://custard.example.com',
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new CustardError('CONFIG_INVALID', `The server's address in ${source} holds a user name or a password.`, {
      hint: 'Put the token into CUSTARD_TOKEN instead.',
    });
  }
  url.pathname = url.pathname.replace(/\/+$/, '').replace(/\/api\/v1$/, '');
  url.search = '';
  url.hash = '';
  return url;
}

/** Custard's longest for a token. */
const MAX_DAYS = 3650;

/** "90d" or "90" in days; "never" is null. */
export function parseDays(text: string, name: string): number | null {
  if (text === 'never') return null;
  const days = /^\d{1,4}d?$/.test(text) ? Number.parseInt(text, 10) : 0;
  if (days >= 1 && days <= MAX_DAYS) return days;
  throw new CustardError('USAGE', `${name} is not a number of days: ${text}`, {
    hint: `Write days from 1 to ${MAX_DAYS}, or never. Example: ${name} 90d`,
  });
}

/** The longest a replaced agent's key may stay good. */
const MAX_GRACE_MINUTES = 7 * 24 * 60;
const MINUTES: Readonly<Record<string, number>> = { m: 1, h: 60, d: 24 * 60 };

/** "30m", "24h", "7d" or 0, in minutes. */
export function parseGrace(text: string, name: string): number {
  const match = /^(\d{1,5})(m|h|d)$/.exec(text === '0' ? '0m' : text);
  const minutes = match === null ? Number.NaN : Number(match[1]) * (MINUTES[match[2] ?? ''] ?? Number.NaN);
  if (minutes <= MAX_GRACE_MINUTES) return minutes;
  throw new CustardError('USAGE', `${name} is not a time an old key may stay good: ${text}`, {
    hint: `Write a number with m, h or d, at most 7d, or 0 for none. Example: ${name} 1h`,
  });
}
