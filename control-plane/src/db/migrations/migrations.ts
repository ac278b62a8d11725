import { foundation } from './0001-foundation.ts';
import { accounts } from './0002-accounts.ts';
import type { Migration } from './migration.ts';

/** In the order they run. A list, not a folder scan, so that a bundle holds them. */
export const MIGRATIONS: readonly Migration[] = [foundation, accounts];
