import { open } from 'node:fs/promises';
import { CustardError } from './errors.ts';
import { KIB } from './protocol/limits.ts';

interface ReadTextOptions {
  /** How messages call it, with its path: "The policy file policy.yaml". */
  readonly called: string;
  readonly maxBytes: number;
  /** What to do about one that is too large. */
  readonly tooLargeHint: string;
}

/** The UTF-8 text of a settings file. CONFIG_INVALID says why it cannot be had. */
export async function readTextFile(path: string, { called, maxBytes, tooLargeHint }: ReadTextOptions): Promise<string> {
  const bytes = await readBounded(path, maxBytes).catch((cause: unknown) => {
    throw new CustardError('CONFIG_INVALID', `${called} cannot be read.`, {
      hint: 'Name a file that this user may read.',
      cause,
    });
  });
  if (bytes.length > maxBytes) {
    throw new CustardError('CONFIG_INVALID', `${called} is larger than ${maxBytes / KIB} KiB.`, { hint: tooLargeHint });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CustardError('CONFIG_INVALID', `${called} is not UTF-8 text.`, { cause });
  }
}

/** One byte more than allowed tells that there is more. */
async function readBounded(path: string, maxBytes: number): Promise<Buffer> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(maxBytes + 1), 0, maxBytes + 1, 0);
  return buffer.subarray(0, bytesRead);
}
