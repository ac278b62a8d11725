import type { Magnitude } from '../../parsing/parsing.ts';

/** Bytes or rows that one statement may ask for by its constants. */
export const MAX_SIZE = 10_000_000;

/** From here on a text is big enough for REPLACE to multiply it. */
const BIG_TEXT = 1_000;

export interface Argument {
  /** Its value, where that is a constant. */
  readonly value: Magnitude;
  /** Characters that its literals and calls make. */
  readonly text: number;
}

const count = (argument: Argument | undefined) => Math.abs(argument?.value ?? 0);

const TEXT_SIZES: ReadonlyMap<string, (args: readonly Argument[]) => number> = new Map([
  ['repeat', ([text, times]) => (text?.text ?? 1) * Math.max(1, count(times))],
  ['space', ([length]) => count(length)],
  ['lpad', ([, length]) => count(length)],
  ['rpad', ([, length]) => count(length)],
  ['random_bytes', ([length]) => count(length)],
  ['replace', replaced],
  ['regexp_replace', replaced],
] satisfies [string, (args: readonly Argument[]) => number][]);

/** The replacement may go in once for each character. */
function replaced([text, , replacement]: readonly Argument[]): number {
  const [size, inserted] = [text?.text ?? 1, Math.max(1, replacement?.text ?? 1)];
  return size < BIG_TEXT ? size + inserted : size * inserted;
}

/** Adds up what the constants of one statement ask for, while it is read. */
export class Sizes {
  #text = 0;

  /** A literal of that length. */
  add(length: number): void {
    this.#text += length;
  }

  /** What `parse` adds, which its caller then accounts for. */
  during(parse: () => Magnitude): Argument {
    const before = this.#text;
    this.#text = 0;
    const value = parse();
    const text = Math.max(1, this.#text);
    this.#text = before;
    return { value, text };
  }

  /** Whether a call, with what the statement asks for besides, is too large. */
  isTooLarge(name: string, args: readonly Argument[]): boolean {
    const size = TEXT_SIZES.get(name)?.(args) ?? args.reduce((sum, { text }) => sum + text, 0);
    this.#text += size;
    return this.#text > MAX_SIZE;
  }
}

/** MariaDB makes up the rows of `seq_1_to_10`, `seq_1_to_10_step_2`. */
export function isLongSequence(table: string): boolean {
  const [, from, to, step] = /^seq_(\d+)_to_(\d+)(?:_step_(\d+))?$/.exec(table) ?? [];
  return from !== undefined && Math.abs(Number(to) - Number(from)) / Number(step ?? 1) > MAX_SIZE;
}
