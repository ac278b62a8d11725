import { closeSync, openSync, readSync } from 'node:fs';
import { CustardError } from '#core/errors.ts';

/** Secrets that may stand in a file, which NAME_FILE names: containers and orchestrators hand them over like that. */
const SECRETS = ['CUSTARD_API_KEY', 'DB_PASSWORD'] as const;
/** No secret is as long; a file that is, is another one. */
const MAX_BYTES = 4096;

type Names = Readonly<Record<string, string | undefined>>;

/** The environment with each NAME_FILE read into NAME. CONFIG_INVALID says what is wrong with a file, never what is in it. */
export function withSecretFiles(environment: Names): Names {
  const read: Record<string, string> = {};
  for (const name of SECRETS) {
    const path = environment[`${name}_FILE`];
    if (path === undefined) continue;
    if (environment[name] !== undefined) {
      throw new CustardError('CONFIG_INVALID', `Both ${name} and ${name}_FILE are set.`, {
        hint: 'Set one of them, so that it is clear which one holds.',
      });
    }
    read[name] = readSecret(path, `${name}_FILE`);
  }
  return { ...environment, ...read };
}

/** But for one line break at its end, which editors and `echo` leave there. */
function readSecret(path: string, setting: string): string {
  const text = readStart(path, setting).replace(/\r?\n$/, '');
  if (text === '') throw unusable(setting, `${path} is empty.`);
  if (/[\0\r\n]/.test(text)) throw unusable(setting, `${path} holds more than one line.`);
  return text;
}

function readStart(path: string, setting: string): string {
  const buffer = Buffer.alloc(MAX_BYTES + 1);
  let length: number;
  try {
    const file = openSync(path, 'r');
    try {
      length = readSync(file, buffer);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw unusable(setting, `${path} cannot be read${code}.`, cause);
  }
  if (length > MAX_BYTES) throw unusable(setting, `${path} is larger than ${MAX_BYTES} bytes.`);
  return buffer.toString('utf8', 0, length);
}

const unusable = (setting: string, message: string, cause?: unknown): CustardError =>
  new CustardError('CONFIG_INVALID', message, {
    hint: `${setting} has to name a file with nothing in it but the secret, which this user may read.`,
    ...(cause === undefined ? {} : { cause }),
  });
