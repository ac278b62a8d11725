import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Mask } from '#core/policy/mask.ts';
import { maskText } from '#core/policy/mask-text.ts';
import type { RowEncoder } from './row-encoder.ts';

export interface MaskedField {
  readonly mask: Mask;
  /** Sent as t and f, and shown as true and false. */
  readonly isBoolean: boolean;
}

const HEAD_BYTES = 2;
const LENGTH_BYTES = 4;

/** Puts what is shown into a DataRow in place of what is masked, then has it encoded like any other. */
export class MaskedRowEncoder {
  readonly #encoder: RowEncoder;
  readonly #fields: readonly (MaskedField | null)[];
  readonly #key: KeyObject;

  /** @param encoder encodes masked fields as strings */
  constructor(encoder: RowEncoder, fields: readonly (MaskedField | null)[], key: Buffer) {
    this.#encoder = encoder;
    this.#fields = fields;
    this.#key = createSecretKey(key);
  }

  /** A DataRow's body: src[start, end). */
  encode(src: Buffer, start: number, end: number): void {
    const parts: Buffer[] = [];
    let kept = start;
    let at = start + HEAD_BYTES;
    for (const field of this.#fields) {
      const from = at;
      const length = src.readInt32BE(at);
      at += LENGTH_BYTES + Math.max(length, 0);
      if (field === null || length < 0) continue;
      parts.push(src.subarray(kept, from), this.#masked(field, src.toString('utf8', from + LENGTH_BYTES, at)));
      kept = at;
    }
    parts.push(src.subarray(kept, end));
    const row = Buffer.concat(parts);
    this.#encoder.encode(row, 0, row.length);
  }

  /** A field of a DataRow: its length, -1 for NULL, and its bytes. */
  #masked({ mask, isBoolean }: MaskedField, text: string): Buffer {
    const shown = maskText(mask, isBoolean ? String(text === 't') : text, this.#key);
    const bytes = Buffer.from(shown ?? '');
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeInt32BE(shown === null ? -1 : bytes.length);
    return Buffer.concat([length, bytes]);
  }
}
