/** Reading the serialized tree, which is JSON: everything is unknown until looked at. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(fields: Fields, field: string): string | undefined {
  const value = fields[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function textsOf(value: unknown): string[] {
  return listOf(value).filter((part) => typeof part === 'string');
}

/** DuckDB compares names without regard to case, that of ASCII only, quoted or not. */
export function fold(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Schemas of built-in functions; the parser itself writes main before some. */
export function isBuiltInSchema(schema: string | null): boolean {
  return schema === null || schema === 'main' || schema === 'pg_catalog' || schema === 'system.main';
}

/** A lambda is a later argument of theirs. */
export const LAMBDA_FUNCTIONS: ReadonlySet<string> = new Set([
  ...['list_transform', 'list_apply', 'array_transform', 'array_apply', 'apply', 'list_filter', 'array_filter'],
  ...['filter', 'list_reduce', 'array_reduce', 'reduce'],
]);
