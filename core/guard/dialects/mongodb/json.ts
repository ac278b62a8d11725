/** A JSON value as it stands in a statement. Offsets are in UTF-16 units of the statement. */
export type Json =
  | { readonly kind: 'object'; readonly entries: readonly Entry[]; readonly offset: number }
  | { readonly kind: 'array'; readonly items: readonly Json[]; readonly offset: number }
  | { readonly kind: 'string'; readonly text: string; readonly offset: number }
  | { readonly kind: 'number'; readonly value: number; readonly offset: number }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly offset: number }
  | { readonly kind: 'null'; readonly offset: number };

/** A key, decoded, its place, and its value. Keys of one object differ; `__proto__` is a key like any other. */
export interface Entry {
  readonly key: string;
  readonly offset: number;
  readonly value: Json;
}

export function entriesOf(json: Json): readonly Entry[] {
  return json.kind === 'object' ? json.entries : [];
}

export function isOperator(key: string): boolean {
  return key.startsWith('$');
}

/** The value of an object's key. */
export function memberOf(json: Json, key: string): Json | undefined {
  return entriesOf(json).find((entry) => entry.key === key)?.value;
}
