import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MIB } from './protocol/limits.ts';

const EVERY_BYTES = 8 * MIB;

/**
 * Collects the buffers of rows that have passed through. Their bytes are outside V8's heap, where a
 * few small objects are all it sees of them and no reason to collect: a million rows left 65 MiB behind,
 * and 20 MiB with this. A young-generation collection each 8 MiB takes well under a millisecond.
 */
export class Scavenger {
  readonly #everyBytes: number;
  #bytes = 0;
  #collect: (() => void) | null = null;

  constructor({ everyBytes = EVERY_BYTES }: { readonly everyBytes?: number } = {}) {
    this.#everyBytes = everyBytes;
  }

  /** To be told of bytes that are no longer needed. */
  passed(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < this.#everyBytes) return;
    this.#bytes = 0;
    this.#collect ??= youngCollection();
    this.#collect();
  }
}

function youngCollection(): () => void {
  return collection('minor');
}

/**
 * Collects everything, in some 50 ms: after what is large and rare (the schema of thousands of tables), as V8 would rather
 * take that memory again than look what of it is still needed.
 */
export function collectAll(): void {
  collection('major')();
}

function collection(type: 'minor' | 'major'): () => void {
  setFlagsFromString('--expose-gc');
  // Only a context made after the flag was set has the function.
  const gc: unknown = runInNewContext('gc');
  return typeof gc === 'function' ? () => void gc({ type }) : () => undefined;
}
