import { isCustardError } from '#core/errors.ts';
import { permits } from '#core/policy/egress.ts';
import type { FoundValue } from '#core/protocol/messages.ts';
import type { WriteTask } from '../sql-writer.ts';

const MAX_TEXTS = 40;
const MAX_FOUND = 20;
const MAX_TEXT_LENGTH = 60;

/** Words that stand for nothing in the data. */
const COMMON = new Set(
  `a an and are as at average avg be by count did do does each for from get give had has have how i in is it last list
   many max me min more most much my number of on or our per show sum than that the their there this to top total us
   was we were what when where which who whose with year month week day today yesterday`.split(/\s+/),
);

/** Where the data holds what the question names, so that the statement spells it as it is spelled there. */
export async function findLiterals({ question, findValues, egress }: WriteTask): Promise<readonly FoundValue[]> {
  // How a value is spelled is data, which the model may not see then.
  const texts = permits(egress, 'profile') ? candidates(question) : [];
  if (texts.length === 0) return [];
  try {
    return (await findValues(texts)).slice(0, MAX_FOUND);
  } catch (error) {
    // They are a help, not a need: a slow look-up must not cost the answer. An agent that is gone does.
    if (isCustardError(error) && error.code !== 'AGENT_OFFLINE' && error.code !== 'QUERY_CANCELED') return [];
    throw error;
  }
}

/** What stands in quotes, then pairs of words, then words. */
function candidates(question: string): string[] {
  const quoted = [...question.matchAll(/["'“‘]([^"'”’]{2,})["'”’]/g)].map(([, text]) => text ?? '');
  const plain = question.match(/[\p{L}\p{N}][\p{L}\p{N}.&'-]*/gu) ?? [];
  const telling = (word: string): boolean => word.length > 1 && !COMMON.has(word.toLowerCase());
  const pairs = plain.slice(1).flatMap((word, index) => {
    const before = plain[index] ?? '';
    return telling(before) && telling(word) ? [`${before} ${word}`] : [];
  });
  const texts = [...quoted, ...pairs, ...plain.filter(telling)].filter(({ length }) => length <= MAX_TEXT_LENGTH);
  return [...new Set(texts)].slice(0, MAX_TEXTS);
}
