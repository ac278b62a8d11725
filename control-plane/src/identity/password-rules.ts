import { CustardError } from '#core/errors.ts';
import { MIN_PASSWORD_CHARACTERS } from '#core/protocol/accounts.ts';
import { guessablePieces } from './guessable-pieces.ts';
import { passwordFingerprint } from './password-fingerprint.ts';

interface PasswordOwner {
  readonly email: string;
  readonly names: readonly string[];
}

/** What everybody here would try first. */
const CONTEXT = ['custard', 'database', 'postgres', 'password', 'passwort', 'secret', 'admin', 'welcome'];
const SHORTEST_NAME = 4;

/** What is needed to judge passwords, loaded when the first one is. */
export class PasswordRules {
  #lists: Promise<{ readonly long: ReadonlySet<number>; readonly words: ReadonlySet<string> }> | null = null;

  /** PASSWORD_REFUSED with the reason. No rule asks for digits or signs: to be long and hard to guess is what counts. */
  async check(password: string, owner: PasswordOwner): Promise<void> {
    const text = password.normalize('NFKC').toLowerCase();
    if ([...text].length < MIN_PASSWORD_CHARACTERS) {
      throw refused(`The password is shorter than ${MIN_PASSWORD_CHARACTERS} characters.`);
    }
    this.#lists ??= loadLists();
    const { long, words } = await this.#lists;
    if (long.has(passwordFingerprint(text))) throw refused('The password is one of those that are tried first.');
    const own = owner.names.concat(owner.email, owner.email.split(/[@.+_-]/)).map((part) => part.toLowerCase());
    const context = new Set([...CONTEXT, ...own.filter((part) => part.length >= SHORTEST_NAME)]);
    if (guessablePieces(text, (piece) => context.has(piece) || words.has(piece))) {
      throw refused('The password is easy to guess: it is made of a few common words, names, years or rows of keys.');
    }
  }
}

async function loadLists() {
  const [{ dictionary }, { COMMON_PASSWORDS }] = await Promise.all([
    import('@zxcvbn-ts/language-common'),
    import('./common-passwords.ts'),
  ]);
  const bytes = Buffer.from(COMMON_PASSWORDS, 'base64');
  const long = new Set(Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readUInt32LE(4 * index)));
  return { long, words: new Set(dictionary['passwords-common']) };
}

function refused(message: string): CustardError {
  return new CustardError('PASSWORD_REFUSED', message, {
    hint: 'Take a long one that nobody else has: four or more unrelated words, or what a password manager makes.',
  });
}
