import { IRREGULAR_FORMS } from '../lexicon/irregular-forms.ts';

/**
 * The form under which words of a question and words of a schema meet: lower case, singular,
 * without verb endings. Not a dictionary form: "cities" and "city" both give "citi…" or the like,
 * and nobody ever sees it.
 */
export function stem(word: string): string {
  const lower = word.toLowerCase();
  const known = IRREGULAR_FORMS.get(lower);
  if (known !== undefined) return known;
  return dropSilentE(dropVerbEnding(singular(lower)));
}

/** "cities" → "city"; leaves what is no plural alone. */
export function singular(word: string): string {
  const known = IRREGULAR_FORMS.get(word);
  if (known !== undefined) return known;
  if (word.length <= 3 || !word.endsWith('s') || /(ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies')) return word.length > 4 ? `${word.slice(0, -3)}y` : word.slice(0, -1);
  if (/(ss|sh|ch|x|zz)es$/.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
}

function dropVerbEnding(word: string): string {
  const base = /^(.{3,})(?:ing|ed)$/.exec(word)?.[1];
  if (base === undefined || !/[aeiouy]/.test(base)) return word;
  return /([bdgmnprt])\1$/.test(base) ? base.slice(0, -1) : base;
}

function dropSilentE(word: string): string {
  if (word.length > 3 && word.endsWith('e')) return word.slice(0, -1);
  return word.length > 3 && word.endsWith('y') ? `${word.slice(0, -1)}i` : word;
}

const DERIVED = /(?:ement|ment|ation|ition|tion|sion|ion|ship|ance|ence|ure|al|er|or)$/;

/** What remains of a stem without the ending that made a noun of a verb: enrolment, enrolled → enrol. */
export function root(stemmed: string): string {
  const bare = stemmed.replace(DERIVED, '').replace(/([lpt])\1$/, '$1');
  return bare.length >= 4 ? bare : stemmed;
}

/** A word list as stems, for looking words of names up in it. */
export const stems = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/).map(stem));
