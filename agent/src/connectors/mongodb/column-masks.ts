import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Document } from 'mongodb';
import { deniedError } from '#core/guard/denied-error.ts';
import { loadGuard } from '#core/guard/load-guard.ts';
import type { Mask, MaskedColumn } from '#core/policy/mask.ts';
import { maskText } from '#core/policy/mask-text.ts';
import { cannotMask } from '../masking.ts';
import { cellText } from './cells.ts';
import { documentOf, tagged } from './ejson.ts';

const MAX_REMEMBERED = 10_000;

/** Masks fields of documents, wherever in them they stand. */
export class DocumentMasks {
  readonly #masks: readonly MaskedColumn[];
  readonly #key: KeyObject | null;
  readonly #remembered = new Map<string, Mask | undefined>();

  constructor(masks: readonly MaskedColumn[], key: Buffer) {
    this.#masks = masks;
    this.#key = masks.length === 0 ? null : createSecretKey(key);
  }

  /** The first mask that covers the path of a field, or one of the fields it is in. */
  readonly maskOf = (path: string): Mask | undefined => {
    if (this.#key === null) return undefined;
    if (this.#remembered.has(path)) return this.#remembered.get(path);
    const mask = this.#masks.find((one) => coversPath(one, path))?.mask;
    if (this.#remembered.size < MAX_REMEMBERED) this.#remembered.set(path, mask);
    return mask;
  };

  /** In place: the document is nobody else's. */
  apply(document: Document): void {
    if (this.#key !== null) this.#fields(document, '', '');
  }

  /** `exact` has the positions in arrays too, for a rule about one of them. */
  #fields(document: Document, path: string, exact: string): void {
    for (const name of Object.keys(document)) {
      const value = this.#value(document[name], join(path, name), join(exact, name));
      Object.defineProperty(document, name, { value, enumerable: true, writable: true, configurable: true });
    }
  }

  #value(value: unknown, path: string, exact: string): unknown {
    const mask = this.maskOf(path) ?? (exact === path ? undefined : this.maskOf(exact));
    if (mask !== undefined) return this.#masked(mask, value);
    if (Array.isArray(value)) return value.map((item, index) => this.#value(item, path, join(exact, String(index))));
    if (typeof value !== 'object' || value === null || value instanceof Date) return value;
    const special = tagged(value);
    const document = special === null ? value : documentOf(special);
    if (document !== null) this.#fields(document, path, exact);
    return document ?? value;
  }

  #masked(mask: Mask, value: unknown): string | null {
    const text = cellText(value);
    return text === null || this.#key === null ? null : maskText(mask, text, this.#key);
  }
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

const coversPath = ({ covers, column }: MaskedColumn, path: string): boolean =>
  covers === undefined ? path === column || path.startsWith(`${column}.`) : covers(path);

/**
 * The masks that hold for the documents of a result: those of the collections whose documents come out as they are stored,
 * or with some of their fields picked by name. MongoDB tells nothing of where a field comes from, so the guard's
 * word is asked for: POLICY_DENIED where a masked field is used in any other way.
 */
export async function masksOf(statement: string, masks: readonly MaskedColumn[]): Promise<readonly MaskedColumn[]> {
  if (masks.length === 0) return [];
  const verdict = await (await loadGuard('mongodb')).check(statement);
  if (verdict.verdict === 'deny') throw deniedError(verdict);
  const uses = (mask: MaskedColumn, role: 'shown' | 'used') =>
    verdict.columnUses.filter(
      (use) => (use.role === 'shown') === (role === 'shown') && use.tables.some(({ name }) => name === mask.table),
    );
  for (const mask of masks) {
    const isUsed = uses(mask, 'used').some(({ name }) => name === '*' || touches(mask, name));
    const isNotShown = mask.isNamed && !uses(mask, 'shown').some(({ name }) => name === '*' || touches(mask, name));
    if (isUsed || isNotShown) throw cannotMask(`${mask.table}.${mask.column}`);
  }
  return masks.filter((mask) => uses(mask, 'shown').length > 0);
}

/** Whether a read of the field may bring what the mask is for: it is covered, or holds what is. */
const touches = (mask: MaskedColumn, path: string): boolean =>
  coversPath(mask, path) || (mask.touches?.(path) ?? mask.column.startsWith(`${path}.`));
