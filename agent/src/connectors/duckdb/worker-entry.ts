import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The worker's file: beside this one in the sources, and as a bundle entry of its own in dist/. */
export function workerEntry(): string {
  const source = fileURLToPath(new URL('./duckdb-worker.ts', import.meta.url));
  return existsSync(source) ? source : fileURLToPath(new URL('./duckdb-worker.js', import.meta.url));
}
