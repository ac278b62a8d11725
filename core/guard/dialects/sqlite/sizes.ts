import { fold } from './notes.ts';

/** Bytes, digits or rows that one call may ask for by its constants; SQLite makes the value before any limit on rows. */
const MAX_SIZE = 10_000_000;
const SIZED: ReadonlySet<string> = new Set(['zeroblob', 'randomblob', 'printf', 'format', 'generate_series']);

/** Why a call is too large, undefined where it is not. `sizes`: the greatest value of each constant argument. */
export function oversizeOf(name: string, sizes: readonly (number | undefined)[]): string | undefined {
  const called = fold(name);
  if (!SIZED.has(called) || !sizes.some((size) => size !== undefined && size > MAX_SIZE)) return undefined;
  return `${called}() is asked for more than ${MAX_SIZE.toLocaleString('en')}, which the guard allows at most.`;
}
