import { CustardError } from '#core/errors.ts';
import type { Environment } from '../config/directories.ts';
import type { Credential } from './credential.ts';
import { credentialPath, type Entries, readEntries, writeEntries } from './credential-file.ts';
import { withCredentialLock } from './credential-lock.ts';
import { type Keyring, openKeyring } from './keyring.ts';

export type Kept = Entries[string]['kept'];

interface StoreOptions {
  readonly env: Environment;
  readonly signal: AbortSignal;
}

/** What logging in left behind, by the server's address: in the keyring where there is one, else in a file. */
export class CredentialStore {
  readonly path: string;
  readonly #options: StoreOptions;

  constructor(options: StoreOptions) {
    this.#options = options;
    this.path = credentialPath(options.env);
  }

  async load(server: URL): Promise<{ readonly credential: Credential; readonly kept: Kept } | null> {
    const key = keyOf(server);
    const entry = (await readEntries(this.path))[key];
    if (entry === undefined) return null;
    if (entry.kept === 'file') return entry;
    const credential = await this.#fromKeyring((keyring) => keyring.get(key));
    return credential === null ? null : { credential, kept: 'keyring' };
  }

  /** Nobody else changes anything while `work` runs. What it saves goes where the credential was. */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    return await withCredentialLock(this.path, this.#options.signal, work);
  }

  /** Only inside `exclusively`. */
  async replace(server: URL, credential: Credential, kept: Kept): Promise<void> {
    if (kept === 'keyring') await this.#fromKeyring((keyring) => keyring.set(keyOf(server), credential));
    else await this.#writeEntry(server, { kept, credential });
  }

  /** A new log-in, into the keyring if it takes it. */
  async save(server: URL, credential: Credential): Promise<Kept> {
    return await this.exclusively(async () => {
      const entries = await readEntries(this.path); // before the keyring is touched: a broken file ends it here
      const kept = await this.#offer(server, credential);
      const entry = kept === 'keyring' ? { kept } : { kept, credential };
      if (JSON.stringify(entries[keyOf(server)]) !== JSON.stringify(entry)) await this.#writeEntry(server, entry);
      return kept;
    });
  }

  async remove(server: URL): Promise<void> {
    await this.exclusively(async () => {
      const { [keyOf(server)]: entry, ...others } = await readEntries(this.path);
      if (entry === undefined) return;
      if (entry.kept === 'keyring') await this.#fromKeyring((keyring) => keyring.delete(keyOf(server)));
      await writeEntries(this.path, others);
    });
  }

  async #offer(server: URL, credential: Credential): Promise<Kept> {
    const keyring = await openKeyring(this.#options.env);
    try {
      if (keyring === null) return 'file';
      await keyring.set(keyOf(server), credential);
      return 'keyring';
    } catch {
      // None is running, or its owner did not unlock it: the caller says where the credential went instead
      return 'file';
    }
  }

  async #writeEntry(server: URL, entry: Entries[string]): Promise<void> {
    await writeEntries(this.path, { ...(await readEntries(this.path)), [keyOf(server)]: entry });
  }

  async #fromKeyring<T>(use: (keyring: Keyring) => Promise<T>): Promise<T> {
    try {
      const keyring = await openKeyring(this.#options.env);
      if (keyring !== null) return await use(keyring);
    } catch (cause) {
      throw keyringAway(cause);
    }
    throw keyringAway(undefined);
  }
}

/** Without the slash at its end: one server, one log-in, however its address was typed. */
const keyOf = (server: URL): string => server.href.replace(/\/+$/, '');

function keyringAway(cause: unknown): CustardError {
  return new CustardError('UNAUTHENTICATED', 'The log-in is in the keyring, and the keyring does not answer.', {
    hint: 'Unlock it, or log in here with a file instead: CUSTARD_KEYRING=off custard login',
    cause,
  });
}
