import { open } from 'node:fs/promises';
import { CustardError } from '#core/errors.ts';

/** No secret is as long; a file that is, is another one. */
const MAX_BYTES = 4096;

/** What a file holds, but for one line break at its end, which editors and `echo` leave there. */
export async function readSecretFile(path: string, setting: string): Promise<string> {
  const text = (await readStart(path, setting)).replace(/\r?\n$/, '');
  if (text === '') throw unusable(setting, `${path} is empty.`);
  if (/[\0\r\n]/.test(text)) throw unusable(setting, `${path} holds more than one line.`);
  return text;
}

async function readStart(path: string, setting: string): Promise<string> {
  const buffer = Buffer.alloc(MAX_BYTES + 1);
  let length: number;
  try {
    await using file = await open(path);
    ({ bytesRead: length } = await file.read(buffer, 0, buffer.length, 0));
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
