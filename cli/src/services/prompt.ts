import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { CustardError } from '#core/errors.ts';
import { safe } from '../output/safe.ts';
import { isInteractive } from './interactive.ts';
import type { Session } from './session.ts';

interface PromptOptions {
  readonly label: string;
  /** What is typed is not shown: a password, a token. */
  readonly hidden?: boolean;
  /** What to give instead, where nobody can answer. */
  readonly flag: string;
}

/** One line, asked for on the terminal. USAGE naming the flag where nobody is there, or nothing was answered. */
export async function prompt(session: Session, { label, hidden = false, flag }: PromptOptions): Promise<string> {
  const { stdin, stderr, interruption } = session.context;
  if (!isInteractive(session)) {
    throw new CustardError('USAGE', `${label} is needed, and nobody is there to type it.`, { hint: `Give ${flag}.` });
  }
  session.narrator.clear();
  const output = hidden ? new Writable({ write: (_chunk, _encoding, done) => done() }) : stderr;
  const reader = createInterface({ input: stdin, output, terminal: true, historySize: 0 });
  // Past the interface, which would write it into the void as well; and after it, as the terminal shows what is typed until then
  if (hidden) stderr.write(`${safe(label)}: `);
  reader.on('SIGINT', () => interruption.interrupt('SIGINT'));
  const closed = Promise.withResolvers<null>();
  const stop = () => closed.resolve(null);
  interruption.signal.addEventListener('abort', stop, { once: true });
  reader.once('close', stop);
  try {
    const asked = new Promise<string>((resolve) => reader.question(hidden ? '' : `${safe(label)}: `, resolve));
    const answer = await Promise.race([asked, closed.promise]);
    interruption.signal.throwIfAborted();
    if (answer === null) throw new CustardError('USAGE', 'Nothing was typed.', { hint: `Try again, or give ${flag}.` });
    return answer;
  } finally {
    interruption.signal.removeEventListener('abort', stop);
    reader.close();
    if (hidden) stderr.write('\n');
  }
}
