import { CHUNK_BYTES } from '#core/protocol/limits.ts';

/** Bytes in chunks of at most CHUNK_BYTES. Write into `buffer` from `at`, then move `at`; look at `room` before. */
export class ChunkWriter {
  readonly #hand: (chunk: Buffer) => void;
  #handed = 0;
  buffer: Buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  at = 0;

  /** The receiver of a chunk owns it from then on. */
  constructor(hand: (chunk: Buffer) => void) {
    this.#hand = hand;
  }

  get room(): number {
    return CHUNK_BYTES - this.at;
  }

  /** All bytes so far, handed over or not. */
  get bytes(): number {
    return this.#handed + this.at;
  }

  /** Hands over what there is, if there is anything. */
  flush(): void {
    if (this.at === 0) return;
    const chunk = this.buffer.subarray(0, this.at);
    this.#handed += this.at;
    this.at = 0;
    this.buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    this.#hand(chunk);
  }
}
