import { stem, stems } from '../text/stem.ts';

/**
 * Verbs that say how two things belong together, and the words that show a schema knows of it: who
 * "reserved" a book is not who borrowed it, and where nothing is said of reserving nobody can tell.
 */
const VERBS: Readonly<Record<string, string>> = {
  reserve: 'reserve reservation',
  'buy purchase sell order':
    'order purchase sale sell buy buyer invoice payment transaction cart basket item line shop store ticket product',
  'return refund': 'return refund',
  'rent borrow lend loan': 'rent rental loan borrow borrower lend lease checkout',
  speak: 'speak language tongue',
  win: 'win winner award prize medal result champion title',
  marry: 'marry marriage married spouse wife husband',
  pay: 'pay payment paid salary price fee invoice bill charge amount',
  cancel: 'cancel cancellation status state',
};

const EVIDENCE: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(VERBS).flatMap(([verbs, words]) =>
    verbs.split(' ').map((verb) => [stem(verb), stems(words)] as const),
  ),
);

/** The verb among these words that none of the schema's words gives a meaning to; null where all is well. */
export function unprovenVerb(words: readonly string[], known: Iterable<string>): string | null {
  const told = words.filter((word) => EVIDENCE.has(stem(word)));
  if (told.length === 0) return null;
  const said = [...known];
  return told.find((word) => !said.some((one) => EVIDENCE.get(stem(word))?.has(one))) ?? null;
}
