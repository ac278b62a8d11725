/** Passwords of that many pieces are among the first billions that are tried. */
const MAX_PIECES = 2;
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

/**
 * Whether the text falls into very few pieces that guessers know: words of the list, runs of one character, rows of the
 * keyboard, years and other short numbers. A piece that is repeated, and signs between and after the pieces, count nothing.
 */
export function guessablePieces(text: string, isKnown: (word: string) => boolean): boolean {
  if (/^(.{1,8})\1+$/su.test(text)) return true;
  const plain = [...text].map((letter) => LEET[letter] ?? letter).join('');
  const known = (start: number, end: number): boolean =>
    isKnown(text.slice(start, end)) || (plain.length === text.length && isKnown(plain.slice(start, end)));
  /** By position: the fewest pieces that make up what is before it, and how long the last of them was. */
  const best: { pieces: number; last: number }[] = [{ pieces: 0, last: 0 }];
  for (let end = 1; end <= text.length; end++) {
    const before = best[end - 1] ?? { pieces: Number.POSITIVE_INFINITY, last: 0 };
    const single = isSign(text[end - 1] ?? '') ? 0 : 1;
    let found = { pieces: before.pieces + single, last: single === 0 ? before.last : 1 };
    for (let length = 2; length <= Math.min(end, LONGEST_WORD); length++) {
      const start = end - length;
      const from = best[start];
      if (from === undefined || from.pieces > MAX_PIECES) continue;
      const piece = text.slice(start, end);
      const repeats = from.last === length && text.slice(start - length, start) === piece;
      const cost = from.pieces + (repeats ? 0 : 1);
      if (cost < found.pieces && (repeats || isRun(piece) || (length >= SHORTEST_WORD && known(start, end))))
        found = { pieces: cost, last: length };
    }
    best.push(found);
  }
  return (best[text.length]?.pieces ?? 0) <= MAX_PIECES;
}

const isSign = (letter: string): boolean => /[\s\p{P}\p{S}]/u.test(letter);

function isRun(piece: string): boolean {
  if (/^\d{2,4}$/.test(piece)) return true;
  if (piece.length < SHORTEST_RUN) return false;
  return /^(.)\1*$/.test(piece) || ROWS_BOTH_WAYS.some((row) => row.includes(piece));
}
