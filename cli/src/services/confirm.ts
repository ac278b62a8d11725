import { createInterface } from 'node:readline/promises';
import { CustardError } from '#core/errors.ts';
import { safe } from '../output/safe.ts';
import { isInteractive } from './interactive.ts';
import type { Session } from './session.ts';

/**
 * Asks for a yes on the terminal. Where nobody can answer (no terminal, CI, --no-input), or the answer
 * is not yes, throws USAGE that names the flag to give instead.
 */
export async function confirm(session: Session, question: string, flag: string): Promise<void> {
  const { context, narrator } = session;
  const { stdin, stderr, interruption } = context;
  if (!isInteractive(session)) {
    throw new CustardError('USAGE', `${question} Nobody is there to say yes.`, { hint: `Give ${flag}.` });
  }
  narrator.clear();
  const prompt = createInterface({ input: stdin, output: stderr, terminal: true });
  prompt.on('SIGINT', () => interruption.interrupt('SIGINT'));
  try {
    const answer = await prompt.question(`${safe(question)} [y/N] `, { signal: interruption.signal });
    if (['y', 'yes'].includes(answer.trim().toLowerCase())) return;
  } catch (error) {
    interruption.signal.throwIfAborted();
    throw error;
  } finally {
    prompt.close();
  }
  throw new CustardError('USAGE', 'Nothing was done.', { hint: `Answer y, or give ${flag}.` });
}
