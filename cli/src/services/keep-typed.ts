import { CustardError, ERRORS, isCustardError } from '#core/errors.ts';
import { requestIdOf } from '../output/envelope.ts';

/** The exit status of everything that logging in helps against. */
const LOGIN_NEEDED = ERRORS.UNAUTHENTICATED.exit;

/** Whoever has to log in first finds the command again in the hint, to be run then: a question may have been piped in. */
export async function keepTyped(command: readonly string[], run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!isCustardError(error) || ERRORS[error.code].exit !== LOGIN_NEEDED) throw error;
    const again = `Then ask again: ${command.map(quoted).join(' ')}`;
    const hint = error.hint === undefined ? again : `${error.hint.replace(/[.]$/, '')}. ${again}`;
    const { code, message, details } = error;
    const kept = new CustardError(code, message, { hint, details, cause: error });
    const requestId = requestIdOf(error);
    throw requestId === undefined ? kept : Object.assign(kept, { requestId });
  }
}

/** As a POSIX shell takes it back. */
const quoted = (word: string): string => (/^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
