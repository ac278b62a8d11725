import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { CustardError } from '#core/errors.ts';

/** Sets the server's address in the user's file; what else stands there, comments included, stays as it is. */
export function writeApiUrl(path: string, url: URL): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const { text, mode } = existing(path);
    const line = `api_url = ${JSON.stringify(url.href.replace(/\/+$/, ''))}`;
    const changed = SETTING.test(text) ? text.replace(SETTING, () => line) : `${line}\n${text}`;
    const draft = `${path}.${randomBytes(6).toString('hex')}`;
    writeFileSync(draft, changed, { mode, flag: 'wx' });
    renameSync(draft, path);
  } catch (cause) {
    throw new CustardError('CONFIG_INVALID', `Cannot write the server's address to ${path}.`, {
      hint: `Set CUSTARD_API_URL=${url.href} instead.`,
      cause,
    });
  }
}

const SETTING = /^[ \t]*api_url[ \t]*=.*$/m;

function existing(path: string): { readonly text: string; readonly mode: number } {
  try {
    return { text: readFileSync(path, 'utf8'), mode: statSync(path).mode & 0o777 };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { text: '', mode: 0o600 };
    throw error;
  }
}
