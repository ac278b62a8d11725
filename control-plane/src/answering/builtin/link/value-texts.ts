import { DEMONYMS } from '../lexicon/demonyms.ts';
import { FUNCTION_WORDS } from '../lexicon/glue.ts';
import { singular } from '../text/stem.ts';
import type { Token } from '../text/tokenize.ts';

/** A text to look for in the data, and the span of the question it stands for. */
export interface ValueText {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** 1 as typed; less where we changed it (singular, "French" → "France"). */
  readonly quality: number;
}

const LONGEST = 6;
/** The agent takes no more at once. */
export const MOST_TEXTS = 200;
const MOST_CHARACTERS = 200;

/** The texts of a question that may be values in the data: quoted first, then longer before shorter. */
export function valueTexts(question: string, tokens: readonly Token[]): ValueText[] {
  const texts: ValueText[] = [];
  tokens.forEach((token, at) => {
    if (token.kind === 'quoted') texts.push({ text: token.text, from: at, to: at + 1, quality: 1 });
  });
  for (let length = LONGEST; length >= 1; length--) {
    for (let from = 0; from + length <= tokens.length; from++)
      texts.push(...spanTexts(question, tokens, from, from + length));
  }
  return texts.filter(({ text }) => text.length <= MOST_CHARACTERS).slice(0, MOST_TEXTS);
}

function spanTexts(question: string, tokens: readonly Token[], from: number, to: number): ValueText[] {
  const span = tokens.slice(from, to);
  const first = span[0];
  const last = span.at(-1);
  if (first === undefined || last === undefined || span.some(({ kind }) => kind === 'quoted')) return [];
  if (!mayBorder(first) || !mayBorder(last) || span.some(({ lower }) => lower === '.' || lower === ';')) return [];
  if (span.length === 1 && first.kind === 'number' && first.text.length < 5) return [];
  const text = question.slice(first.start, last.end);
  const texts: ValueText[] = [{ text, from, to, quality: 1 }];
  const one =
    span.length === 1 ? singular(text.toLowerCase()) : text.slice(0, -last.text.length) + singular(last.lower);
  if (last.kind === 'word' && one.toLowerCase() !== text.toLowerCase())
    texts.push({ text: one, from, to, quality: 0.95 });
  if (span.length === 1) {
    for (const place of DEMONYMS.get(first.lower) ?? []) texts.push({ text: place, from, to, quality: 0.9 });
  }
  return texts;
}

const mayBorder = (token: Token): boolean =>
  token.kind !== 'mark' && (!FUNCTION_WORDS.has(token.lower) || /^\p{Lu}/u.test(token.text)) && token.lower !== "'s";
