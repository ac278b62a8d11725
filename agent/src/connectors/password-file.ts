import { readSecretFile } from '../secret-file.ts';
import type { PasswordSettings } from './settings.ts';

/** The password to log in with now: a file is read each time, so that a changed one needs no restart. CONFIG_INVALID. */
export async function currentPassword({ password, passwordFile }: PasswordSettings): Promise<string | undefined> {
  return passwordFile === undefined ? password : await readSecretFile(passwordFile, 'DB_PASSWORD_FILE');
}
