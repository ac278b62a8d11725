/** Reading the raw tree, which is JSON: everything is unknown until looked at. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** `{"A_Const": {…}}` → its kind and fields; undefined for `{}` (NULL) and for anything of another form. */
export function unwrap(value: unknown): { readonly kind: string; readonly fields: Fields } | undefined {
  if (!isFields(value)) return undefined;
  const [entry, ...rest] = Object.entries(value);
  if (entry === undefined || rest.length > 0 || !isFields(entry[1])) return undefined;
  return { kind: entry[0], fields: entry[1] };
}

/** The parts of a name: `[{"String": {"sval": "pg_catalog"}}, …]`; a part of another kind is left out. */
export function nameParts(value: unknown): string[] {
  return listOf(value).flatMap((part) => {
    const text = unwrap(part)?.fields['sval'];
    return typeof text === 'string' ? [text] : [];
  });
}

export function textOf(fields: Fields, field: string): string | undefined {
  const value = fields[field];
  return typeof value === 'string' ? value : undefined;
}

/** In bytes; a node without one of its own has that of the first node inside. */
export function locationOf(value: unknown, depth = 6): number | undefined {
  if (depth === 0) return undefined;
  if (Array.isArray(value)) return firstLocation(value, depth);
  if (!isFields(value)) return undefined;
  const location = value['location'];
  return typeof location === 'number' && location >= 0 ? location : firstLocation(Object.values(value), depth);
}

function firstLocation(values: readonly unknown[], depth: number): number | undefined {
  for (const value of values) {
    const location = locationOf(value, depth - 1);
    if (location !== undefined) return location;
  }
  return undefined;
}
