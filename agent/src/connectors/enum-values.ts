/** More is rather a list of things than a choice. */
const MAX_VALUES = 100;
const VALUE = /'((?:[^']|'')*)'/g;

/** What `enum('a','it''s')` lists, as information_schema writes it. */
export function enumValues(type: string): { readonly values?: string[] } {
  const values = [...type.matchAll(VALUE)].map(([, value = '']) => value.replaceAll("''", "'"));
  return values.length > 0 && values.length <= MAX_VALUES ? { values } : {};
}
