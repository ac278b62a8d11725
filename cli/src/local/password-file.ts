import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CustardError } from '#core/errors.ts';
import type { Environment } from '../config/directories.ts';

/** What a line of the file is looked up by. */
interface Login {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

const MAX_BYTES = 1024 * 1024;
/** Of others than the owner. */
const OTHERS = 0o077;

/**
 * The password that psql would find in ~/.pgpass, or the file that PGPASSFILE names.
 * https://www.postgresql.org/docs/current/libpq-pgpass.html. CONFIG_INVALID where others may read it: psql ignores such
 * a file, with a warning.
 */
export function passwordFromFile(login: Login, env: Environment): string | undefined {
  const path = env['PGPASSFILE'] || join(env['HOME'] || homedir(), '.pgpass');
  const text = readOwn(path);
  const password = text === undefined ? undefined : findPassword(text, login);
  if (password === undefined || process.platform === 'win32' || (statSync(path).mode & OTHERS) === 0) return password;
  throw new CustardError('CONFIG_INVALID', `Others may read ${path}, so its passwords are not used.`, {
    hint: `Make it yours alone: chmod 600 ${path}`,
  });
}

/** The first line that fits decides. `\` stands before a `:` or a `\` that is part of a field; `*` fits anything. */
export function findPassword(text: string, { host, port, database, user }: Login): string | undefined {
  // A socket's folder counts as this machine.
  const wanted = [host.startsWith('/') ? 'localhost' : host, String(port), database, user];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue;
    const fields = fieldsOf(line);
    const password = fields[wanted.length];
    if (password === undefined) continue;
    if (wanted.every((value, index) => fields[index]?.raw === '*' || fields[index]?.value === value)) {
      return password.value;
    }
  }
  return undefined;
}

const fieldsOf = (line: string): { readonly raw: string; readonly value: string }[] =>
  (`:${line}`.match(/:(?:\\.|[^:\\]|\\$)*/gu) ?? []).map((part) => {
    const raw = part.slice(1);
    return { raw, value: raw.replaceAll(/\\(.)/gu, '$1') };
  });

function readOwn(path: string): string | undefined {
  try {
    const stat = statSync(path);
    return stat.isFile() && stat.size <= MAX_BYTES ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined; // as with psql, a file that is not there or cannot be read holds nothing
  }
}
