import { stem } from './stem.ts';

/** One piece of a question. Positions are in the question's own characters. */
export interface Token {
  readonly kind: 'word' | 'number' | 'quoted' | 'mark';
  /** As it was typed, without quotes. */
  readonly text: string;
  /** Where it stands in the question, quotes included. */
  readonly start: number;
  readonly end: number;
  readonly lower: string;
  readonly stem: string;
  /** For numbers, and for number words ("three"). */
  readonly number?: number;
}

const NUMBER_WORDS: ReadonlyMap<string, number> = new Map(
  'zero one two three four five six seven eight nine ten eleven twelve'
    .split(' ')
    .map((word, number) => [word, number] as const),
);

const MULTIPLES: ReadonlyMap<string, number> = new Map([
  ['k', 1e3],
  ['thousand', 1e3],
  ['m', 1e6],
  ['million', 1e6],
  ['bn', 1e9],
  ['billion', 1e9],
]);

// Quoted text (any style of quote, also doubled), numbers, words, marks; in this order.
const PIECE = new RegExp(
  [
    /(?<![\p{L}\p{N}])(?:``\s*|""|["“‘'`])\s*(?<quoted>[^"“”]+?)\s*(?:''|""|["”’'`])(?![\p{L}\p{N}])/u.source,
    /(?<![\p{L}\p{N}])[$€£]?(?<number>-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?)(?:\s?(?<multiple>k|m|bn|thousand|million|billion)(?![\p{L}\p{N}]))?(?!\p{L}|\p{N}|-\d|:\d|-\p{L}|\/\d)/iu
      .source,
    /(?<word>(?:do|does|did|is|are|was|were|have|has|had)n['’]t|[\p{L}\p{N}][\p{L}\p{N}_.:/@&+-]*[\p{L}\p{N}+]|[\p{L}\p{N}])/u
      .source,
    /(?<possessive>['’]s?(?![\p{L}\p{N}]))/u.source,
    /(?<mark>[,;:?!.()/%]|[<>=!]=?)/u.source,
  ].join('|'),
  'giu',
);

/** The question as words, numbers, quoted texts and marks. Possessives become the word "'s". */
export function tokenize(question: string): Token[] {
  const tokens: Token[] = [];
  for (const match of question.matchAll(PIECE)) {
    const { quoted, number, multiple, word, possessive, mark } = match.groups ?? {};
    const place = { start: match.index, end: match.index + match[0].length };
    if (quoted !== undefined) tokens.push(token('quoted', quoted, place));
    else if (number !== undefined) tokens.push(numeral(match[0], number, multiple, place));
    else if (word !== undefined) tokens.push(...wordTokens(word, place));
    else if (possessive !== undefined) tokens.push(token('word', "'s", place));
    else if (mark !== undefined) tokens.push(token('mark', mark, place));
  }
  while (tokens.at(-1)?.kind === 'mark') tokens.pop();
  return tokens;
}

interface Place {
  readonly start: number;
  readonly end: number;
}

const CONTRACTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ["don't", ['do', 'not']],
  ["doesn't", ['does', 'not']],
  ["didn't", ['did', 'not']],
  ["isn't", ['is', 'not']],
  ["aren't", ['are', 'not']],
  ["wasn't", ['was', 'not']],
  ["weren't", ['were', 'not']],
  ["haven't", ['have', 'not']],
  ["hasn't", ['has', 'not']],
  ["hadn't", ['had', 'not']],
]);

function wordTokens(word: string, place: Place): Token[] {
  const parts = CONTRACTIONS.get(word.toLowerCase().replace('’', "'"));
  if (parts !== undefined) return parts.map((part) => token('word', part, place));
  const number = NUMBER_WORDS.get(word.toLowerCase());
  const plain = token('word', word, place);
  return [number === undefined ? plain : { ...plain, number }];
}

function numeral(text: string, digits: string, multiple: string | undefined, place: Place): Token {
  const value = Number(digits.replaceAll(',', '')) * (MULTIPLES.get(multiple?.toLowerCase() ?? '') ?? 1);
  return { ...token('number', text.trim(), place), number: value };
}

function token(kind: Token['kind'], text: string, place: Place): Token {
  const lower = text.toLowerCase();
  return { kind, text, lower, stem: kind === 'word' ? stem(text) : lower, ...place };
}
