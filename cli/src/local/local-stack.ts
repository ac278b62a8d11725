import { CustardError } from '#core/errors.ts';
import type { Environment } from '../config/directories.ts';

/** A control plane and an agent inside this process, for one database. */
export interface LocalStack {
  readonly url: URL;
  readonly token: string;
  readonly connectionId: string;
  /** Cancels what is under way, then ends both. */
  close(): Promise<void>;
}

export async function openLocalStack(_options: {
  readonly databaseUrl: string;
  readonly dataDirectory: string;
  readonly env: Environment;
  readonly signal: AbortSignal;
}): Promise<LocalStack> {
  throw new CustardError('INTERNAL', 'local mode is being built');
}
