import { CustardError } from '#core/errors.ts';
import type { RunContext } from '../run-context.ts';

/** More than a password or a token may have. */
const MAX_BYTES = 8 * 1024;

/** The one line of standard input: a password or a token. `flag` asked for it. */
export async function readSecret({ stdin, interruption }: RunContext, flag: string): Promise<string> {
  const stop = () => stdin.destroy();
  interruption.signal.addEventListener('abort', stop, { once: true });
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of stdin) {
      chunks.push(Buffer.from(chunk));
      if (Buffer.concat(chunks).length > MAX_BYTES) throw notASecret(flag, 'more than a line');
    }
  } catch (error) {
    interruption.signal.throwIfAborted();
    throw error;
  } finally {
    interruption.signal.removeEventListener('abort', stop);
  }
  interruption.signal.throwIfAborted();
  const text = decode(Buffer.concat(chunks), flag).replace(/\r?\n$/, '');
  if (text === '') throw notASecret(flag, 'nothing');
  if (/[\r\n]/.test(text)) throw notASecret(flag, 'more than a line');
  return text;
}

function decode(bytes: Buffer, flag: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notASecret(flag, 'no UTF-8 text'); // no cause: it is about a secret
  }
}

function notASecret(flag: string, what: string): CustardError {
  return new CustardError('USAGE', `${flag} reads one line from standard input, and there was ${what}.`, {
    hint: `Pipe it in: custard login … ${flag} < FILE`,
  });
}
