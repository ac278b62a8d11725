import type { WriteTask } from '../../sql-writer.ts';
import { FUNCTION_WORDS } from '../lexicon/glue.ts';
import type { Token } from '../text/tokenize.ts';
import { MOST_TEXTS } from './value-texts.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
/** Shorter words are one slip away from too much. */
const SHORTEST = 5;

/** A word of the question as it was typed, and the values in the data that are one slip away from it. */
export interface Respelling {
  readonly token: Token;
  readonly values: readonly string[];
}

/** "Frnace", where the data knows France: two letters swapped, one too many, one too few. */
export async function respell(
  tokens: readonly Token[],
  at: number,
  findValues: WriteTask['findValues'],
): Promise<Respelling | null> {
  const token = tokens.slice(at).find(({ lower, kind }) => kind === 'word' && !FUNCTION_WORDS.has(lower));
  if (token === undefined || token.lower.length < SHORTEST || !/^\p{L}+$/u.test(token.lower)) return null;
  const found = await findValues(slips(token.lower).slice(0, MOST_TEXTS));
  const values = new Map(found.map(({ value }) => [value.toLowerCase(), value]));
  return values.size === 0 ? null : { token, values: [...values.values()] };
}

function slips(word: string): string[] {
  const letters = [...word];
  const places = letters.map((_, at) => at);
  const swapped = places.slice(1).map((at) => letters.with(at - 1, letters[at] ?? '').with(at, letters[at - 1] ?? ''));
  const dropped = places.map((at) => letters.toSpliced(at, 1));
  const added = [...places, letters.length].flatMap((at) =>
    [...LETTERS].map((letter) => letters.toSpliced(at, 0, letter)),
  );
  return [...new Set([...swapped, ...dropped, ...added].map((slip) => slip.join('')))];
}
