/** Passwords of two pieces and two signs are among the first billions that are tried. */
const MAX_COST = 2.5;
const SIGN_COST = 0.25;
const SHORTEST_WORD = 3;
const LONGEST_WORD = 30;
const SHORTEST_RUN = 3;

const ROWS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'qwertzuiop',
  'asdfghjkl',
  'zxcvbnm',
  'yxcvbnm',
];
const ROWS_BOTH_WAYS = ROWS.flatMap((row) => [row, [...row].reverse().join('')]);

/** Letters that stand for others; what was typed is looked up as well. */
const LEET: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '1': 'i',
  '!': 'i',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
};

/** The fewest pieces that make up the text to one position, and which they are. */
interface Reading {
  readonly cost: number;
  readonly pieces: readonly string[];
}

const NONE: Reading = { cost: Number.POSITIVE_INFINITY, pieces: [] };

/**
 * Whether the text falls into very few pieces that guessers know: words of the list, runs of one character, rows of the
 * keyboard, years and other short numbers. A piece or a sign that comes again counts nothing, a sign
 * next to nothing.
 */
export function guessablePieces(text: string, isKnown: (word: string) => boolean): boolean {
  if (/^(.{1,8})\1+$/su.test(text)) return true;
  const plain = [...text].map((letter) => LEET[letter] ?? letter).join('');
  const known = (start: number, end: number): boolean =>
    isKnown(text.slice(start, end)) || (plain.length === text.length && isKnown(plain.slice(start, end)));
  const readings: Reading[] = [{ cost: 0, pieces: [] }];
  for (let end = 1; end <= text.length; end++) {
    let best = readSingle(readings[end - 1] ?? NONE, text[end - 1] ?? '');
    for (let length = 2; length <= Math.min(end, LONGEST_WORD); length++) {
      const start = end - length;
      const { cost, pieces } = readings[start] ?? NONE;
      const piece = text.slice(start, end);
      const isAgain = pieces.includes(piece);
      if (cost > MAX_COST || cost + (isAgain ? 0 : 1) >= best.cost) continue;
      if (isAgain) best = { cost, pieces };
      else if (isRun(piece) || (length >= SHORTEST_WORD && known(start, end)))
        best = { cost: cost + 1, pieces: [...pieces, piece] };
    }
    readings.push(best);
  }
  return (readings[text.length] ?? NONE).cost <= MAX_COST;
}

function readSingle({ cost, pieces }: Reading, letter: string): Reading {
  if (pieces.includes(letter)) return { cost, pieces };
  return isSign(letter) ? { cost: cost + SIGN_COST, pieces: [...pieces, letter] } : { cost: cost + 1, pieces };
}

const isSign = (letter: string): boolean => /[\s\p{P}\p{S}]/u.test(letter);

function isRun(piece: string): boolean {
  if (/^\d{2,4}$/.test(piece)) return true;
  if (piece.length < SHORTEST_RUN) return false;
  return /^(.)\1*$/.test(piece) || ROWS_BOTH_WAYS.some((row) => row.includes(piece));
}
