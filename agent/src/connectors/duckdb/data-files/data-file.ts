import { basename } from 'node:path';
import { RESERVED_WORDS } from './reserved-words.ts';

/** A file of data that becomes a table. */
export interface DataFile {
  /** Absolute, or relative to the working directory. */
  readonly path: string;
  readonly table: string;
  /** What messages call it: the path as it was given, or "standard input". */
  readonly label: string;
}

/** Endings that say a file holds data; what such a file really holds, its first bytes decide (input.ts). */
const ENDINGS = /\.(?:csv|tsv|tab|json|ndjson|jsonl|parquet)(?:\.gz)?$/i;

export const isDataFileName = (path: string): boolean => ENDINGS.test(path);

/** The files with their tables' names: unique whatever the case, in the order given, the first of a name without a number. */
export function toDataFiles(
  inputs: readonly { readonly path: string; readonly label: string; readonly name?: string }[],
): DataFile[] {
  const taken = new Set<string>();
  return inputs.map(({ path, label, name: given }) => {
    const name = given ?? tableName(label);
    let table = name;
    for (let number = 2; taken.has(table.toLowerCase()); number++) table = `${name}_${number}`;
    taken.add(table.toLowerCase());
    return { path, table, label };
  });
}

/** The file's name without its endings, in a form that SQL takes without quotes: "Sales 2024.csv.gz" → Sales_2024. */
export function tableName(path: string): string {
  const name = basename(path)
    .normalize('NFC')
    .replace(/(?<=.)\.gz$/is, '')
    .replace(/(?<=.)\.[^.]*$/s, '')
    .replaceAll(/[^\p{L}\p{N}_]+/gu, '_')
    .replace(/^_+(?=.)/, '')
    .replace(/(?<=.)_+$/, '');
  if (name === '' || name === '_') return 'data';
  if (/^\p{N}/u.test(name)) return `t_${name}`;
  return RESERVED_WORDS.has(name.toLowerCase()) ? `${name}_` : name;
}
