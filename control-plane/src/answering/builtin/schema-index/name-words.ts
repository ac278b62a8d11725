import { ABBREVIATIONS } from '../lexicon/abbreviations.ts';
import { NAME_PARTS } from '../lexicon/name-parts.ts';
import { splitIdentifier } from '../text/split-identifier.ts';
import { stem } from '../text/stem.ts';

/** Words that say nothing about a name's meaning. */
const NOISE = new Set(['of', 'the', 'in', 'on', 'at', 'by', 'for', 'a', 'an', 'to', 'is', 'has', 'with']);
/** Prefixes and suffixes that warehouses put on tables. */
const TABLE_NOISE = new Set(['tbl', 'tb', 'ref', 'dim', 'fact', 'fct', 'stg', 'vw', 'tab', 'table', 'mst', 'master']);
/** Parts of lower-case compounds worth splitting off: "airportcode", "birthdate", "unitprice". */
const COMPOUND_ENDS = /^(.{3,})(name|code|date|type|number|price|count|year|time|status|title|group|key)$/;

/** The stems of a column's name, abbreviations written out. */
export function columnWords(name: string, context: ReadonlySet<string>): string[] {
  const parts = splitIdentifier(name);
  const words = parts.flatMap((word, at) => initial(word, parts[at + 1]) ?? expand(word, context));
  const telling = words.filter((word) => !NOISE.has(word));
  return (telling.length > 0 ? telling : words).map(stem);
}

export function tableWords(name: string, context: ReadonlySet<string>): string[] {
  const words = columnWords(name, context);
  const telling = words.filter((word) => !TABLE_NOISE.has(word));
  return telling.length > 0 ? telling : words;
}

/** "LName", "f_name": one letter before "name" is which of a person's names. */
function initial(word: string, next: string | undefined): string[] | null {
  if (next !== 'name') return null;
  return word === 'l' ? ['last'] : word === 'f' ? ['first'] : word === 'm' ? ['middle'] : null;
}

/** `context` holds words seen elsewhere in the schema, which a compound may be made of. */
function expand(word: string, context: ReadonlySet<string>): string[] {
  const written = ABBREVIATIONS.get(word);
  if (written !== undefined) return written.split(' ');
  if (word.endsWith('id') && word.length > 4 && context.has(word.slice(0, -2))) return [word.slice(0, -2), 'id'];
  const parts = COMPOUND_ENDS.exec(word);
  if (parts?.[1] !== undefined && parts[2] !== undefined && !WHOLE_WORDS.has(word)) {
    return [...expand(parts[1], context), parts[2]];
  }
  return splitByContext(word, context) ?? [word];
}

const WHOLE_WORDS = new Set([
  'account',
  'discount',
  'runtime',
  'sometime',
  'prototype',
  'surname',
  'username',
  'monkey',
  'nickname',
  'filename',
  'hometown',
  'mistype',
  'update',
  'encode',
  'postcode',
  'zipcode',
  'barcode',
  'overtime',
  'maritime',
  'lifetime',
  'realtime',
  'candidate',
  'subtitle',
  'subgroup',
  'hockey',
  'turkey',
]);

/** "countrylanguage" → country, language; "headofstate" → head, of, state: when each part is a word of this schema or of names in general. */
function splitByContext(word: string, context: ReadonlySet<string>): string[] | null {
  if (NAME_PARTS.has(word)) return null;
  const known = (part: string): boolean => NAME_PARTS.has(part) || (part !== word && context.has(part));
  for (let at = word.length - 3; at >= 4; at--) {
    const head = word.slice(0, at);
    if (!known(head)) continue;
    const tail = word.slice(at).replace(/^of(?=.{4})/, '');
    if (tail.length >= 4 && known(tail)) return [head, tail];
    const short = ABBREVIATIONS.get(tail);
    if (short !== undefined && NAME_PARTS.has(head)) return [head, ...short.split(' ')];
  }
  return null;
}
