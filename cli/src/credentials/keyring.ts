import type { Environment } from '../config/directories.ts';
import { Credential } from './credential.ts';

/** The operating system's own place for secrets: Keychain, Credential Manager, Secret Service. */
export interface Keyring {
  /** Null when it holds nothing for that server, or nothing that is ours. */
  get(server: string): Promise<Credential | null>;
  set(server: string, credential: Credential): Promise<void>;
  delete(server: string): Promise<void>;
}

const SERVICE = 'custard';
/** The kernel's own keyring, the library's other choice, forgets at the next start of the machine. */
const OPTIONS = { linux: { store: 'secret-service' } } as const;
/** A keyring may ask its owner to unlock it; nobody who is there takes longer. */
const UNLOCK_MS = 60_000;

/** Null where it is turned off (CUSTARD_KEYRING=off), or its package is not there for this platform. */
export async function openKeyring(env: Environment): Promise<Keyring | null> {
  if (env['CUSTARD_KEYRING'] === 'off') return null;
  const library = await import('@napi-rs/keyring').catch(() => null);
  if (library === null) return null;
  const entry = (server: string) => new library.AsyncEntry(SERVICE, server, OPTIONS);
  return {
    async get(server) {
      const text = await limited(entry(server).getPassword());
      return text === null ? null : parse(text);
    },
    set: (server, credential) => limited(entry(server).setPassword(JSON.stringify(credential))),
    async delete(server) {
      await limited(entry(server).deleteCredential());
    },
  };
}

/** The library's own calls cannot be taken back once they have begun. */
async function limited<T>(call: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('the keyring does not answer')), UNLOCK_MS);
  try {
    return await Promise.race([call, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function parse(text: string): Credential | null {
  try {
    return Credential.parse(JSON.parse(text));
  } catch {
    return null; // somebody else's entry, or a future version's: as good as none
  }
}
